using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Datomic.Edn;
using Deployer.Rehearsal.Datomic.IonDev;

namespace Deployer.Rehearsal.Datomic;

/// <summary>
/// The Clojure command line as a build sees it, able to run one program: <c>clojure -A:ion-dev '{:op …}'</c>. It makes
/// ion-dev's calls with ordinary clients and prints what ion-dev prints. Before that it has ion-dev fetched from Datomic's repository, with
/// the credentials of the moment, as <c>clojure -P -A:ion-dev</c> alone does, unless the user's Maven repository has it.
/// </summary>
/// <remarks>
/// https://docs.datomic.com/cloud/operation/howto.html#ion-dev, and https://clojure.org/reference/clojure_cli for <c>-P</c>, the folder
/// <c>.cpcache</c> beside <c>deps.edn</c>, and what is said of an artifact that cannot be found.
/// </remarks>
internal sealed class SimulatedClojure : IBuildTool
{
    private const string Alias = "ion-dev";

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => ["clj", "clojure"];

    /// <inheritdoc/>
    public bool IsInImage => false;

    /// <inheritdoc/>
    public async Task<int> Run(ToolCall call)
    {
        // https://clojure.org/reference/clojure_cli: prints environment and command parsing info as data.
        if (call.Arguments is ["-Sdescribe"])
        {
            await call.Output.WriteLineAsync($"{{:version \"{call.Environment.GetValueOrDefault("CLOJURE_VERSION")}\"}}");
            return 0;
        }

        var prepares = call.Arguments is ["-P", ..];
        IReadOnlyList<string> arguments = prepares ? [.. call.Arguments.Skip(1)] : call.Arguments;
        if (arguments is ["-A:" + Alias or "-M:" + Alias, ..] && await Fetch(call) is { } missing)
        {
            await call.Error.WriteLineAsync($"Error building classpath. {missing}");
            return 1;
        }

        return prepares ? 0 : await Run(arguments, call.Folder, call.Environment, call.Output, call.Error, ended: call.Ended);
    }

    /// <summary>Fetches ion-dev; says why not.</summary>
    private static async Task<string?> Fetch(ToolCall call)
    {
        var home = call.Environment.GetValueOrDefault("HOME") ?? call.Folder;
        string? version;
        try
        {
            version = IonProject.Read(call.Folder).IonDevVersion(Alias, Path.Combine(home, ".clojure"));
        }
        catch (CommandFailedException exception)
        {
            return exception.Message;
        }

        if (version is null)
        {
            return null;
        }

        // https://clojure.org/reference/clojure_cli#_classpath_cache: beside deps.edn, where git sees it.
        Directory.CreateDirectory(Path.Combine(call.Folder, ".cpcache"));
        await File.WriteAllTextAsync(Path.Combine(call.Folder, ".cpcache", "1.cp"), version, call.Ended);
        var file = Path.Combine(home, ".m2", "repository", DatomicReleases.Artifact(version));
        if (File.Exists(file))
        {
            return null;
        }

        var environment = new ToolEnvironment(call.Environment);
        if (environment.Credentials is not { } credentials)
        {
            return "Unable to fetch credentials.";
        }

        var config = environment.Configure(
            new AmazonS3Config { ForcePathStyle = environment.Endpoint is not null },
            DatomicReleases.Region
        );
        using var s3 = new AmazonS3Client(credentials, config);
        try
        {
            using var answer = await s3.GetObjectAsync(
                new GetObjectRequest { BucketName = DatomicReleases.Bucket, Key = DatomicReleases.Key(version) },
                call.Ended
            );
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var kept = File.Create(file);
            await answer.ResponseStream.CopyToAsync(kept, call.Ended);
            return null;
        }
        catch (AmazonS3Exception exception)
        {
            return $"Could not find artifact com.datomic:ion-dev:jar:{version} in datomic-cloud "
                + $"(s3://{DatomicReleases.Bucket}/maven/releases): {exception.Message}";
        }
    }

    /// <summary>Runs it.</summary>
    /// <param name="args">As on the command line.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="environment">Credentials, <c>AWS_REGION</c>, <c>AWS_ENDPOINT_URL</c>, <c>HOME</c>.</param>
    /// <param name="output">Progress lines, then the answer as an edn map.</param>
    /// <param name="error">Warnings.</param>
    /// <param name="http">Replaces sockets in tests.</param>
    /// <param name="ended">Nobody waits for it any more: it makes no further request.</param>
    /// <returns>The exit code: 0, or 1 when the command failed.</returns>
    internal static async Task<int> Run(
        IReadOnlyList<string> args,
        string folder,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        TextWriter error,
        HttpClientFactory? http = null,
        CancellationToken ended = default
    )
    {
        if (args is not ["-A:" + Alias or "-M:" + Alias, var argument])
        {
            await error.WriteLineAsync($"The rehearsal's clojure runs only: clojure -A:{Alias} '{{:op …}}'");
            return 1;
        }

        try
        {
            var home = environment.GetValueOrDefault("HOME");
            if (!IonProject.Read(folder).Declares(Alias, home is null ? null : Path.Combine(home, ".clojure")))
            {
                await error.WriteLineAsync($"WARNING: Specified aliases are undeclared: [:{Alias}]");
                await error.WriteLineAsync(
                    "Execution error (FileNotFoundException) at java.io.FileInputStream/open0 (FileInputStream.java:-2)."
                );
                await error.WriteLineAsync($"{argument} (No such file or directory)");
                return 1;
            }

            var command = new IonDevCommand(EdnReader.ReadMap(argument), folder, environment, output, ended);
            await output.WriteLineAsync(EdnWriter.WriteLines(await command.Run(http)));
            return 0;
        }
        catch (FormatException exception)
        {
            return await Fail(new CommandFailedException(exception.Message, "RuntimeException"));
        }
        catch (CommandFailedException exception)
        {
            return await Fail(exception);
        }

        async Task<int> Fail(CommandFailedException exception)
        {
            await output.WriteLineAsync(
                EdnWriter.WriteLines(
                    new EdnMap([new(new Keyword("command-failed"), argument), new(new Keyword("causes"), new EdnList([exception.Cause]))])
                )
            );
            return 1;
        }
    }
}
