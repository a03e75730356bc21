using Deployer.Cli.Deployments;

namespace Deployer.Cli.Init;

/// <summary>What <c>deployer init</c> wrote, as the JSON document has it.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Target">Its first target.</param>
/// <param name="Files">The files that were written, deployer.yaml last.</param>
/// <param name="Next">What to do next.</param>
internal sealed record InitReport(string Service, string Target, IReadOnlyList<string> Files, IReadOnlyList<NextStep> Next);
