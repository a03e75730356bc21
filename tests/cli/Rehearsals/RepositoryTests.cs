namespace Deployer.Cli.Tests.Rehearsals;

/// <summary>The repository from which the pipeline of the accounts takes its source.</summary>
public sealed class RepositoryTests : IDisposable
{
    private const string Named = """
        repository:
          url: https://github.com/acme/inventory
          connection: "arn:aws:codeconnections:us-east-1:222222222222:connection/c"

        """;

    private readonly SmallService _service = new();

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData(
        "",
        "deployer.yaml: there is no \"repository\", and the pipeline of stack inventory-pipeline takes its source from acme/inventory"
    )]
    [InlineData(
        "repository: { url: https://github.com/acme/other, connection: \"arn:aws:codeconnections:us-east-1:222222222222:connection/c\" }\n",
        "deployer.yaml: \"repository\" is https://github.com/acme/other, and the pipeline of stack inventory-pipeline takes its source "
            + "from acme/inventory"
    )]
    public async Task That_deployer_yaml_does_not_name_is_refused_before_anything_starts(string repository, string message)
    {
        var file = Path.Combine(_service.Folder, "deployer.yaml");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        text.ShouldContain(Named);
        await File.WriteAllTextAsync(
            file,
            text.Replace(Named, repository, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        var refused = await DeployerProcess.Run(_service.Rehearse);

        refused.ExitCode.ShouldBe(2, refused.Error);
        refused.Error.ReplaceLineEndings(" ").ShouldContain($"{message}; expected repository: {{ url: https://github.com/acme/inventory, ");
        Directory.Exists(_service.State).ShouldBeFalse();
    }
}
