// Where the containers of the tests come from, in this order: images that the environment names; Docker, if it has or can pull the official images;
// podman, with images made of Debian's packages, on Debian and as root. Elsewhere tests that need a container are left out; in CI they fail.
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

/// <param name="Variable">The environment variable that tells the tests which image to start.</param>
/// <param name="Official">What the tests start without that variable.</param>
/// <param name="Settings">How the server starts in an image of Debian's packages, as in a Containerfile.</param>
public sealed record TestImage(string Variable, string Official, string[] Settings);

TestImage[] testImages =
[
    new(
        "SESSIONS_TEST_REDIS_IMAGE",
        "redis:7",
        ["USER redis", "EXPOSE 6379", """CMD ["redis-server","--protected-mode","no","--save",""]"""]
    ),
    new(
        "SESSIONS_TEST_POSTGRES_IMAGE",
        "postgres:15",
        [
            "USER postgres",
            "EXPOSE 5432",
            """ENTRYPOINT ["postgres","-D","/var/lib/postgresql/data","-c","listen_addresses=*","-c","unix_socket_directories="]""",
        ]
    ),
];

// Both servers are in the one root that both images are made of: that takes less time than two roots.
const string RootPackages = "redis-server,postgresql";
// Debian keeps the programs of PostgreSQL off the PATH.
const string RootSetup =
    "ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/;"
    + " setpriv --reuid=postgres --regid=postgres --clear-groups"
    + " initdb -D /var/lib/postgresql/data -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync > /dev/null;"
    + " echo host all all all trust >> /var/lib/postgresql/data/pg_hba.conf";

ServerProgram[] containerPrograms =
[
    new("podman", "podman", ["/usr/bin"]),
    new("runc", "runc", ["/usr/sbin"]),
    new("netavark", "netavark", ["/usr/lib/podman"]),
    new("iptables", "iptables", ["/usr/sbin"]),
    new("mmdebstrap", "mmdebstrap", ["/usr/bin"]),
];

// For machines that are containers or small virtual machines themselves: no systemd, control groups of version 1, limits that root may not raise.
// The delay is how many seconds something stays behind of each command that was run in a container.
const string PodmanSettings = """
    [containers]
    default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
    [engine]
    runtime = "runc"
    cgroup_manager = "cgroupfs"
    events_logger = "file"
    exit_command_delay = 5
    [network]
    network_backend = "netavark"
    """;

void WithContainers(Action run)
{
    if (testImages.All(image => EnvironmentVariable(image.Variable, "") != "") || testImages.All(image => DockerHas(image.Official)))
    {
        run();
        return;
    }

    if (!Environment.IsPrivilegedProcess || !FileExists("/etc/os-release") || !System.IO.File.ReadLines("/etc/os-release").Contains("ID=debian"))
    {
        var images = string.Join(" and ", testImages.Select(image => image.Official));
        Console.WriteLine($"Docker does not have {images}. What needs a container is left out; in CI it fails.");
        run();
        return;
    }

    var folder = System.IO.Directory.CreateTempSubdirectory("sessions-containers-").FullName;
    Process service = null;
    try
    {
        service = TryStartPodman(folder);
        run();
    }
    finally
    {
        if (service is not null)
        {
            // Nothing, unless the test run was killed.
            Shell($"podman ps --all --quiet --filter label=sessions.engine=unix://{folder}/podman.sock | xargs --no-run-if-empty podman rm --force");
            service.Kill();
            service.WaitForExit();
            service.Dispose();
        }

        System.IO.Directory.Delete(folder, recursive: true);
    }
}

bool DockerHas(string image) => Succeeds("docker", "image", "inspect", image) || Succeeds("docker", "pull", "--quiet", image);

// Null where it does not work, such as in a container that may not have containers: no reason to run no test at all.
Process TryStartPodman(string folder)
{
    try
    {
        System.IO.File.WriteAllText($"{folder}/containers.conf", PodmanSettings);
        Environment.SetEnvironmentVariable("CONTAINERS_CONF", $"{folder}/containers.conf");
        Install(containerPrograms);
        var images = ProvideImages(folder);
        Run("podman", "run", "--rm", "--entrypoint=true", images[0].Name);
        var service = StartPodman($"{folder}/podman.sock");
        foreach (var (image, name) in images)
        {
            Environment.SetEnvironmentVariable(image.Variable, name);
        }

        Environment.SetEnvironmentVariable("DOCKER_HOST", $"unix://{folder}/podman.sock");
        Environment.SetEnvironmentVariable("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1");
        // The container that would end the others after a killed run has an image that is not to be had here.
        Environment.SetEnvironmentVariable("TESTCONTAINERS_RYUK_DISABLED", "true");
        return service;
    }
    catch (CakeException exception)
    {
        Console.WriteLine($"{exception.Message} What needs a container is left out; in CI it fails.");
        return null;
    }
}

Process StartPodman(string socket)
{
    // Without a call for an hour it ends by itself, whatever became of this process.
    var service = Process.Start(new ProcessStartInfo("podman", ["--log-level=error", "system", "service", "--time=3600", $"unix://{socket}"]) { UseShellExecute = false });
    while (!Answers(socket))
    {
        if (service.WaitForExit(TimeSpan.FromMilliseconds(50)))
        {
            throw new CakeException(service.ExitCode, $"podman system service ended with exit code {service.ExitCode}.");
        }
    }

    return service;
}

bool Answers(string path)
{
    try
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return true;
    }
    catch (SocketException)
    {
        return false;
    }
}

// The images are made once: another recipe, or another release of Debian, has another tag.
List<(TestImage Image, string Name)> ProvideImages(string folder)
{
    string[] recipe = [RootPackages, RootSetup, .. testImages.SelectMany(image => image.Settings), System.IO.File.ReadAllText("/etc/os-release")];
    var tag = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', recipe))))[..12];
    var images = testImages.Select(image => (image, Name: $"localhost/sessions-test-{image.Official.Split(':')[0]}:{tag}")).ToList();
    if (images.All(image => Succeeds("podman", "image", "exists", image.Name)))
    {
        return images;
    }

    Console.WriteLine("Making images of Redis and PostgreSQL out of Debian's packages. This takes a minute or two, once.");
    // What apt knows of its sources, such as which are Debian's, may have been deleted.
    Shell("apt-get update --quiet=2");
    Shell($"apt-config dump Acquire > {folder}/apt.conf");
    const string sources = "$(apt-get indextargets --format '$(SOURCESENTRY)' 'Origin: Debian' | sed 's/:[0-9]*$//' | sort --unique)";
    var root = $"{folder}/root.tar";
    Shell(
        $"mmdebstrap --quiet --variant=apt --include={RootPackages} --aptopt={folder}/apt.conf --dpkgopt=force-unsafe-io"
            + $" --essential-hook='{Inside(NothingStarts)}' --customize-hook='{Inside(RootSetup)}' '' {root} {sources}"
    );
    foreach (var (image, name) in images)
    {
        Run("podman", ["import", "--quiet", .. image.Settings.Select(setting => $"--change={setting}"), root, name]);
    }

    System.IO.File.Delete(root);
    return images;
}

// mmdebstrap calls its hooks with the folder of the new root.
string Inside(string command) => $"chroot \"$1\" sh -ec \"{command}\"";

bool Succeeds(string program, params string[] arguments)
{
    try
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start);
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
    catch (Win32Exception)
    {
        // There is no such program.
        return false;
    }
}
