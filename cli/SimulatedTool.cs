using System.Collections;
using Deployer.Rehearsal.CodeBuild;
using Deployer.Rehearsal.Datomic;

namespace Deployer.Cli;

/// <summary>The simulated tools that a build finds first on its path. Builds call this hidden verb; nobody else does.</summary>
internal static class SimulatedTool
{
    /// <summary>The hidden verb.</summary>
    public const string Name = "simulated-tool";

    /// <summary>Runs the tool that the first argument names.</summary>
    public static async Task<int> Run(string[] args)
    {
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? string.Empty);
        switch (args)
        {
            case ["clojure", ..]:
                return await SimulatedClojure.Run(args[1..], environment, Console.Out, Console.Error);
            case ["aws", ..]:
                return await SimulatedAws.Run(args[1..], Console.Out, Console.Error);
            default:
                await Console.Error.WriteLineAsync($"no tool '{args.FirstOrDefault()}' is simulated");
                return 127;
        }
    }
}
