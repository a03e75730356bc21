using Amazon.Runtime;
using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>One call of ion-dev: its arguments, where it runs, where it prints, and when nobody waits for it any more.</summary>
internal sealed record IonDevCommand(
    EdnMap Arguments,
    string Folder,
    IReadOnlyDictionary<string, string> Environment,
    TextWriter Output,
    CancellationToken Ended
)
{
    /// <summary>Does it and gives ion-dev's answer.</summary>
    /// <exception cref="CommandFailedException">What ion-dev prints as <c>:command-failed</c>.</exception>
    public async Task<EdnMap> Run(HttpClientFactory? http = null)
    {
        try
        {
            using var clients = new IonDevClients(Environment, Arguments.Text("creds-profile"), Arguments.Text("region"), Ended, http);
            return (Arguments["op"] as Keyword)?.Name switch
            {
                "push" => await new Push(clients, Folder, Environment, Output).Run(Arguments.Text("uname")),
                "deploy" => await new Deploy(clients, StartMoment()).Run(Needed("group"), Revision()),
                "deploy-status" => await new DeployStatus(clients).Run(Needed("execution-arn")),
                _ => throw new CommandFailedException($"Unknown :op {EdnWriter.Write(Arguments["op"])}", "IllegalArgumentException"),
            };
        }
        catch (AmazonServiceException exception)
        {
            throw new CommandFailedException($"{exception.ErrorCode}: {exception.Message}", exception.GetType().Name);
        }
    }

    private Revision Revision() =>
        (Arguments.Text("rev"), Arguments.Text("uname")) switch
        {
            ({ } rev, null) => new Revision(rev, true),
            (null, { } uname) => new Revision(uname, false),
            _ => throw new CommandFailedException("You must specify one of :rev and :uname", "IllegalArgumentException"),
        };

    private string Needed(string keyword) =>
        Arguments.Text(keyword) ?? throw new CommandFailedException($"You must specify :{keyword}", "IllegalArgumentException");

    /// <summary>The time that names an execution: a build's own start where there is one, so that a rehearsal repeats itself.</summary>
    private long StartMoment() =>
        long.TryParse(Environment.GetValueOrDefault("CODEBUILD_START_TIME"), out var start)
            ? start
            : TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
