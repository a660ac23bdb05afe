using System.Diagnostics;

namespace Sessions.Tests.Servers;

/// <summary>A server that cannot outlive the tests, whatever ends them: process and data folder are gone afterwards.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // The shell reads a pipe whose other end this process holds. However this process ends, the kernel closes the pipe, and the shell
    // cleans up. (The signal of Linux for a parent's death is no way out: it is sent when the *thread* ends that started the child.)
    private const string Guard = """
        folder=$1
        shift
        exec 3<&0 </dev/null
        "$@" 3<&- &
        server=$!
        exec >&- 2>&-
        read -r order <&3
        kill -KILL $server
        wait $server
        [ "$order" = keep ] || rm -rf "$folder"
        """;

    private readonly Process _shell;
    private readonly TaskCompletionSource<bool> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _log = [];
    private readonly List<(string Text, TaskCompletionSource Said)> _awaited = [];

    private ServerProcess(string folder, string readyText, IEnumerable<string> command)
    {
        _shell = new Process
        {
            StartInfo = new("/bin/sh", ["-c", Guard, "server", folder, .. command])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            },
        };
        _shell.OutputDataReceived += (_, line) => Read(line.Data, readyText);
        _shell.ErrorDataReceived += (_, line) => Read(line.Data, readyText);
    }

    /// <summary>What the server has said so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join(Environment.NewLine, _log);
            }
        }
    }

    /// <summary>Starts a server and waits until it says that it is ready.</summary>
    /// <returns>
    /// The server, or null when it ended instead because <paramref name="refusal"/>, such as a port in use; the caller tries another.
    /// </returns>
    public static async Task<ServerProcess?> StartAsync(string folder, string readyText, string refusal, params string[] command)
    {
        var server = new ServerProcess(folder, readyText, command);
        server._shell.Start();
        server._shell.BeginOutputReadLine();
        server._shell.BeginErrorReadLine();
        if (await server._started.Task.WaitAsync(TimeSpan.FromMinutes(1)))
        {
            return server;
        }

        await server.EndAsync("keep");
        if (server.Log.Contains(refusal, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Directory.Delete(folder, recursive: true);
        throw new InvalidOperationException($"{command[0]} did not start:{Environment.NewLine}{server.Log}");
    }

    /// <summary>Waits until the server says something, unless it has said it already.</summary>
    public Task WaitForOutputAsync(string text)
    {
        lock (_log)
        {
            if (_log.Any(line => line.Contains(text, StringComparison.Ordinal)))
            {
                return Task.CompletedTask;
            }

            var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, said));
            return said.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Kills the server without a chance to say good-bye, and keeps its folder for a restart.</summary>
    public Task KillAsync() => EndAsync("keep");

    public async ValueTask DisposeAsync() => await EndAsync("remove");

    private async Task EndAsync(string order)
    {
        try
        {
            await _shell.StandardInput.WriteLineAsync(order);
            await _shell.StandardInput.DisposeAsync();
        }
        catch (IOException)
        {
            // The shell is gone already, and so is the server.
        }
        catch (ObjectDisposedException)
        {
            // Killed before.
        }

        await _shell.WaitForExitAsync();
    }

    private void Read(string? line, string readyText)
    {
        if (line is null)
        {
            _started.TrySetResult(false);
            return;
        }

        lock (_log)
        {
            _log.Add(line);
            foreach (var (text, said) in _awaited)
            {
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    said.TrySetResult();
                }
            }
        }

        if (line.Contains(readyText, StringComparison.Ordinal))
        {
            _started.TrySetResult(true);
        }
    }
}
