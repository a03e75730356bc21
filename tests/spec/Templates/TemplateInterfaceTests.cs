using Deployer.Spec.Templates;

namespace Deployer.Spec.Tests.Templates;

public sealed class TemplateInterfaceTests
{
    private const string Template = """
        Parameters:
          System: { Type: String }
          Size: { Type: Number, Default: 1 }
        Resources:
          Group:
            Type: AWS::EC2::SecurityGroup
            Properties:
              VpcId: !ImportValue { "Fn::Sub": "${System}-VpcId" }
              GroupDescription: { "Fn::ImportValue": fixed }
              GroupName: { "Fn::ImportValue": !Sub "${System}-Name" }
              Tags: [{ Key: a, Value: !ImportValue { "Fn::GetAtt": [Group, Id] } }]
        Outputs:
          Id: { Value: !Ref Group }
          Size: { Value: !Ref Size, Condition: Large }
        """;

    [Fact]
    public void Parameters_outputs_and_the_imports_that_are_known_before_are_read()
    {
        var read = TemplateInterface.Read(Template, "t.yaml", name => name == "System" ? "datomic-dev" : null)!;

        read.Parameters.ShouldBe(["System", "Size"], ignoreOrder: true);
        read.Required.ShouldBe(["System"]);
        read.Outputs.ShouldBe(["Id", "Size"], ignoreOrder: true);
        read.Imports.ShouldBe(["datomic-dev-VpcId", "datomic-dev-Name", "fixed"], ignoreOrder: true);
    }

    [Fact]
    public void An_import_whose_name_is_not_known_is_left_out() =>
        TemplateInterface.Read(Template, "t.yaml", _ => null)!.Imports.ShouldBe(["fixed"]);

    [Fact]
    public void What_is_no_template_is_not_read() => TemplateInterface.Read("a: [", "t.yaml", _ => null).ShouldBeNull();
}
