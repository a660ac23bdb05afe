// The servers, the proxy and the browser that tests start: on Debian, and as root, what is missing is installed; elsewhere the reader is told what to install.
// Installing starts nothing: tests start their own, on ports and in folders of their own.

public sealed record ServerProgram(string Name, string Package, string[] Folders);

ServerProgram[] serverPrograms =
[
    new("redis-server", "redis-server", ["/usr/bin"]),
    new("pg_ctl", "postgresql", ["/usr/lib/postgresql/*/bin"]),
    new("pgbouncer", "pgbouncer", ["/usr/sbin"]),
    new("nginx", "nginx", ["/usr/sbin"]),
    new("chromium", "chromium", ["/usr/bin"]),
];

ServerProgram loadProgram = new("wrk", "wrk", ["/usr/bin"]);

void ProvideServers(params ServerProgram[] more) => Install([.. serverPrograms, .. more]);

void Install(ServerProgram[] programs)
{
    var missing = programs.Where(program => !IsInstalled(program)).ToList();
    if (missing.Count == 0)
    {
        return;
    }

    var packages = string.Join(' ', missing.Select(program => program.Package));
    if (!FileExists("/usr/bin/apt-get") || !Environment.IsPrivilegedProcess)
    {
        Console.WriteLine($"Not installed: {packages}. What needs them is left out; in CI it fails. On Debian: apt-get install {packages}");
        return;
    }

    Console.WriteLine($"Installing {packages}.");
    Shell("apt-get update --quiet=2");
    Shell($"{NothingStarts} && {Quietly} apt-get install --yes --quiet=2 --no-install-recommends {packages}");
}

// Debian starts what it installs, and makes a first cluster of PostgreSQL, unless it is told not to.
const string Quietly = "DEBIAN_FRONTEND=noninteractive RUNLEVEL=1";
const string NothingStarts =
    "mkdir -p /etc/postgresql-common && { test -e /etc/postgresql-common/createcluster.conf"
    + " || echo create_main_cluster = false > /etc/postgresql-common/createcluster.conf; }";

bool IsInstalled(ServerProgram program) =>
    EnvironmentVariable("PATH", "").Split(System.IO.Path.PathSeparator).Any(folder => FileExists($"{folder}/{program.Name}"))
    || program.Folders.Any(folder => GetFiles($"{folder}/{program.Name}").Count > 0);

void Shell(string command) => Run("/bin/sh", "-c", command);

void Run(string program, params string[] arguments)
{
    using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { UseShellExecute = false });
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        throw new CakeException(process.ExitCode, $"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
    }
}
