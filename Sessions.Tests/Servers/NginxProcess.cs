using System.Globalization;

namespace Sessions.Tests.Servers;

/// <summary>An nginx of a test's own, on a loopback port, in front of one application.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    // What nginx.conf and proxy_params of Debian's package set, with files in a folder of its own. What they do not set, such as
    // proxy_request_buffering, has nginx's default here too. One process instead of a master and its workers: a killed master leaves
    // its workers behind.
    private const string Settings = """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr notice;
        events {
            worker_connections 768;
        }
        http {
            sendfile on;
            tcp_nopush on;
            types_hash_max_size 2048;
            default_type application/octet-stream;
            gzip on;
            access_log off;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            {http}
            server {
                listen 127.0.0.1:{port};
                location / {
                    proxy_pass {application};
                    proxy_set_header Host $host;
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    {location}
                }
            }
        }
        """;

    private readonly ServerProcess _server;

    private NginxProcess(ServerProcess server, int port)
    {
        _server = server;
        Address = new UriBuilder("http", "127.0.0.1", port).Uri;
    }

    public Uri Address { get; }

    /// <summary>Starts an nginx in front of an application, with further settings of a test's own.</summary>
    public static async Task<NginxProcess> StartAsync(Uri application, string http = "", string location = "")
    {
        var program =
            ServerFiles.FindProgram("nginx", "/usr/sbin", "/usr/local/sbin")
            ?? throw SharedServer.Missing("There is no nginx: install nginx.");
        var folder = ServerFiles.NewFolder();
        while (true)
        {
            var port = ServerFiles.NextPort();
            var settings = Settings
                .Replace("{http}", http, StringComparison.Ordinal)
                .Replace("{location}", location, StringComparison.Ordinal)
                .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("{application}", application.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), settings);
            // It says this once it listens.
            const string ready = "getrlimit(RLIMIT_NOFILE)";
            string[] command = [program, "-e", "stderr", "-p", folder, "-c", "nginx.conf"];
            if (await ServerProcess.StartAsync(folder, ready, "Address already in use", command) is { } server)
            {
                return new NginxProcess(server, port);
            }
        }
    }

    /// <summary>Waits until the server writes something to its log, unless it has already.</summary>
    public Task WaitForOutputAsync(string text) => _server.WaitForOutputAsync(text);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
