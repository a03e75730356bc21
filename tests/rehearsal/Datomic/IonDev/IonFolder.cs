using System.Diagnostics;

namespace Deployer.Rehearsal.Tests.Datomic.IonDev;

/// <summary>An ion application in a folder of its own, committed to git.</summary>
internal sealed class IonFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ions-");

    public IonFolder(bool committed = true)
    {
        Write(
            "deps.edn",
            """
            {:paths ["src" "resources"]
             :deps {org.clojure/clojure {:mvn/version "1.11.4"}
                    org.clojure/tools.reader {:mvn/version "1.3.6"}}
             :aliases {:ion-dev {:deps {com.datomic/ion-dev {:mvn/version "1.0.352"}} :main-opts ["-m" "datomic.ion.dev"]}}}
            """
        );
        Config("{:get-item {:fn inventory.ions/get-item}}");
        Write("src/inventory/ions.clj", "(ns inventory.ions)\n");
        if (committed)
        {
            Git("init", "-q");
            Commit();
        }
    }

    public string Path => _folder.FullName;

    public void Config(string lambdas) => Write("resources/datomic/ion-config.edn", $"{{:app-name \"inventory\" :lambdas {lambdas}}}\n");

    public void Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public string Commit()
    {
        Git("add", "-A");
        Git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "-q", "--allow-empty", "-m", "test");
        return Git("rev-parse", "HEAD").Trim();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Git(params string[] arguments)
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = Path,
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        git.ExitCode.ShouldBe(0);
        return output;
    }
}
