using Deployer.Rehearsal.CloudFormation.Templates.Support;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Support;

public sealed class CustomResourceEntriesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deployer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("", "Custom::Nope", "stack/Nope")]
    [InlineData("  Elsewhere: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: \"https://s3.amazonaws.com/b/k\" } }\n")]
    public void An_entry_without_a_resource_is_found_unless_a_template_is_not_at_hand(string more, params string[] unmatched)
    {
        File.WriteAllText(
            Path.Combine(_folder.FullName, "outer.yaml"),
            "Resources:\n  Maker: { Type: Custom::Maker }\n"
                + "  Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: inner.yaml } }\n"
                + more
        );
        File.WriteAllText(
            Path.Combine(_folder.FullName, "inner.yaml"),
            "Resources: { Deep: { Type: AWS::CloudFormation::CustomResource }, Topic: { Type: AWS::SNS::Topic } }"
        );

        CustomResourceEntries
            .Unmatched(
                _folder.FullName,
                ["outer.yaml"],
                ["Custom::Maker", "Custom::Nope", "stack/Maker", "stack/Deep", "stack/Nope", "AWS::CloudFormation::CustomResource"]
            )
            .ShouldBe(unmatched);
    }
}
