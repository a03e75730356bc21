using System.IO.Compression;
using System.Text;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>A revision's zip: what CodeDeploy asks for and the files of the classpath. Its real layout is not documented.</summary>
internal static class RevisionZip
{
    // CodeDeploy asks for appspec.yml at the root of a bundle (AppSpec file structure); the hooks' names are chosen.
    private const string Appspec = """
        version: 0.0
        os: linux
        files:
          - source: /
            destination: /opt/datomic/ions
        hooks:
          ApplicationStop: [{ location: scripts/stop, timeout: 300 }]
          ApplicationStart: [{ location: scripts/start, timeout: 300 }]
          ValidateService: [{ location: scripts/validate, timeout: 300 }]

        """;

    // The same files give the same bytes.
    private static readonly DateTimeOffset Stamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static byte[] Make(IReadOnlyDictionary<string, byte[]> files)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "appspec.yml", Encoding.UTF8.GetBytes(Appspec));
            foreach (var script in (string[])["start", "stop", "validate"])
            {
                Add(zip, $"scripts/{script}", "#!/bin/bash\n"u8.ToArray());
            }

            foreach (var (name, content) in files)
            {
                Add(zip, $"classpath/{name}", content);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>The ion-config of a revision.</summary>
    public static IonConfig Config(Stream content)
    {
        using var zip = new ZipArchive(content, ZipArchiveMode.Read);
        var entry =
            zip.GetEntry($"classpath/{IonConfig.ResourceName}")
            ?? throw new CommandFailedException($"the revision holds no {IonConfig.ResourceName}");
        using var reader = new StreamReader(entry.Open());
        return IonConfig.Parse(reader.ReadToEnd());
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        var entry = zip.CreateEntry(name);
        entry.LastWriteTime = Stamp;
        using var stream = entry.Open();
        stream.Write(content);
    }
}
