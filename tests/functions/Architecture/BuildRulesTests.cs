using System.Xml.Linq;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>What makes the build refuse code of another dialect: without one of these lines everything would still be green.</summary>
public sealed class BuildRulesTests
{
    [Theory]
    [InlineData("TreatWarningsAsErrors", "true")]
    [InlineData("EnforceCodeStyleInBuild", "true")]
    [InlineData("GenerateDocumentationFile", "true")]
    [InlineData("AnalysisLevel", "latest")]
    public void Every_project_is_built_with_it(string property, string value)
    {
        var values = Properties("Directory.Build.props", property);

        values.ShouldHaveSingleItem().Value.ShouldBe(value);
        values[0].Attributes().ShouldBeEmpty("whatever is built");
    }

    [Fact]
    public void No_project_takes_it_back()
    {
        string[] held =
        [
            "TreatWarningsAsErrors",
            "EnforceCodeStyleInBuild",
            "GenerateDocumentationFile",
            "AnalysisLevel",
            "WarningsNotAsErrors",
        ];
        var files = SourceTextTests.Files(new DirectoryInfo(Repository.Root), "*.csproj", "*.props", "*.targets").ToList();

        files.Count.ShouldBeGreaterThan(30);
        files
            .Select(file => Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'))
            .Where(file => file != "Directory.Build.props")
            .SelectMany(file => held.Where(property => Properties(file, property).Count > 0).Select(property => $"{file}: {property}"))
            .ShouldBeEmpty();
    }

    /// <summary>The rules of style, and which of them a build enforces: CSharpier holds the layout, the compiler the rest.</summary>
    [Theory]
    [InlineData("csharp_style_namespace_declarations", "file_scoped:warning")]
    [InlineData("csharp_using_directive_placement", "outside_namespace:warning")]
    [InlineData("csharp_prefer_braces", "true:warning")]
    [InlineData("dotnet_style_require_accessibility_modifiers", "for_non_interface_members:warning")]
    [InlineData("dotnet_diagnostic.IDE0005.severity", "warning")]
    [InlineData("dotnet_diagnostic.IDE0011.severity", "warning")]
    [InlineData("dotnet_diagnostic.IDE0040.severity", "warning")]
    [InlineData("dotnet_diagnostic.IDE0044.severity", "warning")]
    [InlineData("dotnet_diagnostic.IDE0051.severity", "warning")]
    [InlineData("dotnet_diagnostic.IDE0052.severity", "warning")]
    [InlineData("dotnet_diagnostic.IDE0065.severity", "warning")]
    [InlineData("dotnet_diagnostic.IDE0161.severity", "warning")]
    [InlineData("dotnet_diagnostic.IDE1006.severity", "warning")]
    [InlineData("dotnet_naming_rule.constants.severity", "warning")]
    [InlineData("dotnet_naming_rule.static_readonly.severity", "warning")]
    [InlineData("dotnet_naming_rule.private_fields.severity", "warning")]
    [InlineData("dotnet_naming_rule.private_fields.style", "underscored")]
    [InlineData("dotnet_naming_rule.members.severity", "warning")]
    [InlineData("dotnet_naming_rule.members.style", "pascal")]
    public void A_rule_of_style_is_a_warning(string rule, string value) => Section("[*.cs]").ShouldContain($"{rule} = {value}");

    /// <summary>CS1591 is XML comments on public members.</summary>
    [Fact]
    public void Public_members_need_a_comment_outside_of_tests_alone()
    {
        Section("[*.cs]").ShouldNotContain(line => line.Contains("CS1591", StringComparison.Ordinal));
        Section("[tests/**.cs]").ShouldContain("dotnet_diagnostic.CS1591.severity = none");
    }

    [Fact]
    public void No_other_editorconfig_takes_a_rule_back() =>
        SourceTextTests
            .Files(new DirectoryInfo(Repository.Root), ".editorconfig", ".globalconfig", "*.globalconfig")
            .Select(file => Path.GetRelativePath(Repository.Root, file.FullName))
            .ShouldBe([".editorconfig"]);

    private static List<XElement> Properties(string file, string property) =>
        [.. XDocument.Load(Repository.At(file)).Descendants().Where(element => element.Name.LocalName == property)];

    /// <summary>The lines of a section of the file at the repository's root.</summary>
    private static List<string> Section(string heading)
    {
        var lines = File.ReadAllLines(Repository.At(".editorconfig"));
        lines.Count(line => line == heading).ShouldBe(1);
        return [.. lines.SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith('['))];
    }
}
