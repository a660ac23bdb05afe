# ./build.ps1 <target> [arguments of the target]. The targets are in build.cake; it needs the .NET 10 SDK and nothing else.
$ErrorActionPreference = 'Stop'

$target = if ($args.Count -gt 0) { "$($args[0])" } else { 'Build' }
$rest = @($args | Select-Object -Skip 1)

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine("The .NET 10 SDK is needed, with 'dotnet' on the PATH: https://dotnet.microsoft.com/download")
    exit 1
}

$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_GENERATE_ASPNET_CERTIFICATE = 'false'
# The compiled script is kept until it changes: a second instead of three at every start.
$env:CAKE_SETTINGS_ENABLESCRIPTCACHE = 'true'
$env:CAKE_PATHS_TOOLS = './artifacts/cake'
if ([Console]::IsOutputRedirected) { $env:NO_COLOR = '1' }
# A variable, one argument a line: on its command line Cake would take `--version` and the like for its own.
$env:BUILD_ARGUMENTS = $rest -join "`n"

Push-Location $PSScriptRoot
try {
    # What the Test target counted. It is printed here because Cake ends with a table of its own.
    $summary = 'artifacts/tests/summary.txt'
    if (Test-Path $summary) { Remove-Item $summary }

    dotnet tool restore | Out-Null
    if ($LASTEXITCODE -eq 0) { dotnet cake "--target=$target" }
    $status = $LASTEXITCODE
    if (Test-Path $summary) { Get-Content $summary }

    if ($target -eq 'Demo' -and $status -eq 0) {
        Set-Location samples/Sessions.Demo
        dotnet bin/Release/net10.0/Sessions.Demo.dll @rest
        $status = $LASTEXITCODE
    }
}
finally {
    Pop-Location
}
exit $status
