using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.CodeBuild.Buildspecs;
using Deployer.Rehearsal.Yaml;
using YamlDotNet.Core;

namespace Deployer.Rehearsal.Tests.Yaml;

/// <summary>An overflow of the stack cannot be caught: it would end the process.</summary>
public sealed class YamlDocumentsTests
{
    private static readonly string[] Deep =
    [
        new('[', 100_000),
        string.Concat(Enumerable.Repeat("{\"a\":", 30_000)),
        $"a: {new string('[', 50_000)}",
        string.Concat(Enumerable.Range(0, 3_000).Select(depth => $"{new string(' ', depth)}a:\n")),
    ];

    public static TheoryData<string> DeepTexts => [.. Deep];

    [Fact]
    public void What_is_no_deeper_than_JSON_may_be_is_read() =>
        YamlDocuments.Read(new string('[', YamlDocuments.MaxDepth) + new string(']', YamlDocuments.MaxDepth)).Count.ShouldBe(1);

    [Theory]
    [MemberData(nameof(DeepTexts), DisableDiscoveryEnumeration = true)]
    public void Deeper_nesting_is_refused_with_its_place(string text) =>
        Should.Throw<YamlException>(() => YamlDocuments.Read(text)).Message.ShouldContain("the nesting is deeper than 64");

    [Theory]
    [MemberData(nameof(DeepTexts), DisableDiscoveryEnumeration = true)]
    public void Everything_that_reads_what_people_wrote_refuses_it(string text)
    {
        var folder = Directory.CreateTempSubdirectory("deployer-");
        try
        {
            var file = Path.Combine(folder.FullName, "accounts.yaml");
            File.WriteAllText(file, text);

            TemplateSupport.Check("t.yaml", text).ShouldBeEmpty();
            Should
                .Throw<AccountsFileException>(() => AccountsFile.Read(file, new Dictionary<string, string>()))
                .Message.ShouldContain("deeper");
            Should.Throw<BuildspecException>(() => BuildspecReader.Read(text)).Message.ShouldContain("deeper");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
