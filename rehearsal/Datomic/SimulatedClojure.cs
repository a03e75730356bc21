using Amazon.Runtime;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Datomic.Edn;
using Deployer.Rehearsal.Datomic.IonDev;

namespace Deployer.Rehearsal.Datomic;

/// <summary>
/// The Clojure command line as a build sees it, able to run one program: <c>clojure -A:ion-dev '{:op …}'</c>. It makes
/// ion-dev's calls with ordinary clients and prints what ion-dev prints.
/// </summary>
/// <remarks>https://docs.datomic.com/cloud/operation/howto.html#ion-dev</remarks>
internal sealed class SimulatedClojure : IBuildTool
{
    private const string Alias = "ion-dev";

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => ["clj", "clojure"];

    /// <inheritdoc/>
    public Task<int> Run(ToolCall call) => Run(call.Arguments, call.Folder, call.Environment, call.Output, call.Error, ended: call.Ended);

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
