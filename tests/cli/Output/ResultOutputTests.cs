using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Output;

public sealed class ResultOutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-result-").FullName;

    /// <summary>A folder in the place of the file stands for a disk that became full.</summary>
    [Fact]
    public async Task A_document_that_cannot_be_written_does_not_hide_the_result()
    {
        using var written = new StringWriter();

        var unwritten = await Should.ThrowAsync<DocumentUnwrittenException>(() =>
            new ResultOutput(new Screen(written, 100), _folder).Write("what came of it", new TextView())
        );

        written.ToString().ShouldBe("what came of it" + Environment.NewLine);
        unwritten.Message.ShouldStartWith($"--json '{_folder}' was not written: ");
        unwritten.Message.ShouldEndWith("; what is shown here is the result");
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class TextView : IView<string>
    {
        public void Show(string result, Screen screen) => screen.Line(result);
    }
}
