#!/usr/bin/env bash
# ./build.sh <target> [arguments of the target]. The targets are in build.cake; it needs the .NET 10 SDK and nothing else.
set -euo pipefail

target="${1:-Build}"
if [ $# -gt 0 ]; then shift; fi
cd "$(dirname "${BASH_SOURCE[0]}")"

if ! command -v dotnet > /dev/null; then
    echo "The .NET 10 SDK is needed, with 'dotnet' on the PATH: https://dotnet.microsoft.com/download" >&2
    exit 1
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# The compiled script is kept until it changes: a second instead of three at every start.
export CAKE_SETTINGS_ENABLESCRIPTCACHE=true CAKE_PATHS_TOOLS=./artifacts/cake
if [ ! -t 1 ]; then export NO_COLOR=1; fi
# A variable, one argument a line: on its command line Cake would take `--version` and the like for its own.
BUILD_ARGUMENTS="$(printf '%s\n' "$@")"
export BUILD_ARGUMENTS

# What the Test target counted. It is printed here because Cake ends with a table of its own.
summary=artifacts/tests/summary.txt
rm -f "$summary"
status=0
{ dotnet tool restore > /dev/null && dotnet cake --target="$target"; } || status=$?
if [ -f "$summary" ]; then cat "$summary"; fi

case "$target" in
    [Dd]emo)
        if [ "$status" -eq 0 ]; then
            # In place of this shell, so that a signal sent to this process ends the demo itself and leaves nothing behind.
            cd samples/Sessions.Demo
            exec dotnet bin/Release/net10.0/Sessions.Demo.dll "$@"
        fi
        ;;
esac
exit "$status"
