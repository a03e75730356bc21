#!/usr/bin/env bash
# Publishes the functions as one native executable, artifacts/native/deployer-functions, which rehearsals then run, and
# artifacts/native/functions.zip, which `deployer bootstrap tools` uploads and `dotnet pack cli` takes along.
# usage: build/native.sh [FRAMEWORK]    net9.0 unless the registry has a newer native runtime pack
set -euo pipefail
cd "$(dirname "$0")/.."

# gcc is enough as linker and is on more machines than clang, which the SDK would take.
linker=$(command -v gcc || command -v clang) || { echo "build/native.sh needs gcc or clang as linker" >&2; exit 1; }

# A rehearsal takes the newer of both builds, so this one comes first.
dotnet build functions -nologo -v quiet
dotnet publish functions -nologo -v quiet -r linux-x64 -c Release \
  -p:NativeFramework="${1:-net9.0}" -p:CppCompilerAndLinker="$(basename "$linker")" -o artifacts/native-build/publish

# In one move: what starts meanwhile gets the old executable or the new one, whole.
mkdir -p artifacts/native
cp artifacts/native-build/publish/deployer-functions artifacts/native/deployer-functions.new
mv artifacts/native/deployer-functions.new artifacts/native/deployer-functions

# What provided.al2023 starts is called bootstrap (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html), and may be executed.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp artifacts/native/deployer-functions "$folder/bootstrap"
chmod 755 "$folder/bootstrap"
touch -t 198001010000 "$folder/bootstrap"
if command -v zip > /dev/null; then
  (cd "$folder" && zip -q -X functions.zip bootstrap)
else
  (cd "$folder" && python3 -c 'import zipfile as z; f = z.ZipFile("functions.zip", "w", z.ZIP_DEFLATED); f.write("bootstrap"); f.close()')
fi
mv "$folder/functions.zip" artifacts/native/functions.zip
