using System.Text;
using Amazon.CodeDeploy;
using Amazon.CodeDeploy.Model;
using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>ion-dev's <c>:push</c>: libraries and revision into the code bucket, the revision into CodeDeploy.</summary>
/// <remarks>https://docs.datomic.com/cloud/ions/ions-reference.html#push</remarks>
internal sealed class Push(IonDevClients clients, string folder, IReadOnlyDictionary<string, string> environment, TextWriter output)
{
    /// <summary>The package of the Lambdas that forward to the nodes; its key is chosen.</summary>
    public const string LambdaPackage = "datomic/libs/com/datomic/ion-lambda/1.0.352/ion-lambda-1.0.352.zip";

    /// <summary>What that package holds.</summary>
    public static readonly byte[] LambdaCode = Encoding.UTF8.GetBytes(LambdaPackage);

    private const string ConflictsDoc =
        "The :push operation overrides these dependencies to match versions already running in Datomic Cloud. "
        + "To test locally, add these explicit deps to your deps.edn.";

    public async Task<EdnMap> Run(string? uname)
    {
        var project = IonProject.Read(folder);
        var files = project.ClasspathFiles();
        var config = files.TryGetValue(IonConfig.ResourceName, out var content)
            ? IonConfig.Parse(Encoding.UTF8.GetString(content))
            : throw new CommandFailedException($"Could not locate {IonConfig.ResourceName} on classpath.", "FileNotFoundException");
        var revision = await Name(project, uname);
        var bucket = await CodeBucket.Find(clients);

        foreach (var key in Libraries(project).Append(LambdaPackage))
        {
            if (!await bucket.Has(key))
            {
                await output.WriteLineAsync($"Uploading {key}");
                await bucket.Put(key, Encoding.UTF8.GetBytes(key));
            }
        }

        await output.WriteLineAsync($"Uploading {revision.Key(config.AppName)}");
        await bucket.Put(revision.Key(config.AppName), RevisionZip.Make(files));
        await clients.CodeDeploy.RegisterApplicationRevisionAsync(
            new RegisterApplicationRevisionRequest
            {
                ApplicationName = config.AppName,
                Revision = new RevisionLocation
                {
                    RevisionType = RevisionLocationType.S3,
                    S3Location = new S3Location
                    {
                        Bucket = bucket.Name,
                        Key = revision.Key(config.AppName),
                        BundleType = BundleType.Zip,
                    },
                },
            },
            clients.Ended
        );
        return Answer(revision, await DeployGroups(config.AppName), CloudDependencies.Conflicts(project));
    }

    private async Task<Revision> Name(IonProject project, string? uname)
    {
        if (uname is not null)
        {
            return new Revision(uname, false);
        }

        var tree = await GitTree.Read(folder, environment);
        return tree is { Commit: { } commit, Clean: true } && !project.HasLocalRoot
            ? new Revision(commit, true)
            : throw new CommandFailedException(
                "You must either specify a uname or deploy from clean git commit",
                "IllegalArgumentException"
            );
    }

    private static IEnumerable<string> Libraries(IonProject project)
    {
        foreach (var (library, coordinate) in project.Dependencies.OrderBy(dependency => dependency.Library, StringComparer.Ordinal))
        {
            var version = coordinate["mvn/version"] ?? coordinate["git/sha"] ?? coordinate["sha"];
            if (version is string text)
            {
                var name = library.Split('/')[^1];
                yield return $"datomic/libs/{library.Replace('.', '/')}/{text}/{name}-{text}.jar";
            }
        }
    }

    private async Task<List<string>> DeployGroups(string application)
    {
        var groups = new List<string>();
        string? next = null;
        do
        {
            var page = await clients.CodeDeploy.ListDeploymentGroupsAsync(
                new ListDeploymentGroupsRequest { ApplicationName = application, NextToken = next },
                clients.Ended
            );
            groups.AddRange(page.DeploymentGroups ?? []);
            next = page.NextToken;
        } while (next is not null);
        return groups;
    }

    private static EdnMap Answer(Revision revision, List<string> groups, EdnMap conflicts)
    {
        var name = new Keyword(revision.Keyword);
        var group = groups.FirstOrDefault() ?? "$(GROUP)";
        var command = new EdnMap([
            new(new Keyword("op"), new Keyword("deploy")),
            new(new Keyword("group"), new Symbol(group)),
            new(name, revision.Name),
        ]);
        var entries = new List<KeyValuePair<object, object?>>
        {
            new(name, revision.Name),
            new(new Keyword("deploy-groups"), new EdnList([.. groups.Select(known => new Symbol(known))])),
        };
        if (conflicts.Entries.Count > 0)
        {
            entries.Add(
                new(
                    new Keyword("dependency-conflicts"),
                    new EdnMap([new(new Keyword("deps"), conflicts), new(new Keyword("doc"), ConflictsDoc)])
                )
            );
        }

        entries.Add(new(new Keyword("deploy-command"), $"clojure -A:ion-dev '{EdnWriter.Write(command)}'"));
        entries.Add(new(new Keyword("doc"), $"To deploy to {group}, issue the :deploy-command"));
        return new EdnMap(entries);
    }
}
