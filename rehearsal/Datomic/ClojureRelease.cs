using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.CodeBuild.Tools;

namespace Deployer.Rehearsal.Datomic;

/// <summary>
/// What the releases of the Clojure CLI stand for in a rehearsal: an archive with the files of the real one, whose <c>clojure</c> checks
/// that it was installed, and then calls the simulated one.
/// </summary>
/// <remarks>
/// https://github.com/clojure/brew-install: the archive's files are those that its posix-install.sh copies
/// (src/main/resources/clojure/install/posix-install.sh), the checks are the beginning of its script clojure.
/// </remarks>
internal sealed partial class ClojureRelease : IDownload
{
    private static readonly DateTimeOffset Time = DateTimeOffset.UnixEpoch;

    // https://github.com/Homebrew/homebrew-core/blob/main/Formula/c/clojure.rb and
    // https://github.com/void-linux/void-packages/blob/master/srcpkgs/clojure/template, which agree.
    private static readonly Dictionary<string, string> Published = new(StringComparer.Ordinal)
    {
        ["1.12.4.1582"] = "fd5864f22bf2ec30311f9ce3caf3d31799e04d653b657ecdb4f0836fe972ff21",
    };

    /// <inheritdoc/>
    public byte[]? Find(Uri address) =>
        Address().Match(address.ToString()) is { Success: true } match && Published.ContainsKey(match.Groups["v"].Value)
            ? Archive(match.Groups["v"].Value)
            : null;

    /// <inheritdoc/>
    public string? PublishedSha256(byte[] content) =>
        Published.FirstOrDefault(release => Archive(release.Key).AsSpan().SequenceEqual(content)).Value;

    private static byte[] Archive(string version)
    {
        (string Name, string Content)[] files =
        [
            ("clojure", Clojure(version)),
            ($"clojure-tools-{version}.jar", $"the tools of the Clojure CLI {version}\n"),
            ("deps.edn", "{:paths [\"src\"]}\n"),
            ("example-deps.edn", "{:aliases {}}\n"),
            ("exec.jar", "clojure.run.exec\n"),
            ("tools.edn", "{:lib io.github.clojure/tools.tools}\n"),
        ];
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.NoCompression, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, $"clojure-tools/{name}")
                    {
                        ModificationTime = Time,
                        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                    }
                );
            }
        }

        return buffer.ToArray();
    }

    private static string Clojure(string version) =>
        $$"""
            #!/usr/bin/env bash
            install_dir=PREFIX
            if ! type -p java > /dev/null; then >&2 echo "Couldn't find 'java'. Please set JAVA_HOME."; exit 1; fi
            if [ "$1" = --version ]; then echo "Clojure CLI version {{version}}"; exit 0; fi
            for file in example-deps.edn tools.edn libexec/exec.jar libexec/clojure-tools-{{version}}.jar; do
              [ -r "$install_dir/$file" ] || { >&2 echo "$install_dir/$file: No such file or directory"; exit 1; }
            done
            exec "${{BuildTools.InstallableVariable}}/clojure" "$@"

            """;

    [GeneratedRegex(
        @"^https://github\.com/clojure/brew-install/releases/download/(?<v>[0-9.]+)/clojure-tools-\k<v>\.tar\.gz$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Address();
}
