using Deployer.Rehearsal.CloudFormation.Templates.Support;

namespace Deployer.Rehearsal.Tests.CloudFormation.Templates.Support;

/// <summary>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html</summary>
public sealed class DeclaredResourceTests
{
    [Fact]
    public void The_resources_that_loops_make_are_declared_too()
    {
        const string Template = """
            Transform: AWS::LanguageExtensions
            Parameters: { Names: { Type: CommaDelimitedList } }
            Resources:
              Topic: { Type: AWS::SNS::Topic }
              Fn::ForEach::Logs:
                - Name
                - [ Orders, "au-dit" ]
                - "Log&{Name}": { Type: AWS::Logs::LogGroup }
                  Fn::ForEach::Roles: [ Kind, [ Read ], { "${Name}${Kind}": { Type: AWS::IAM::Role } } ]
              Fn::ForEach::Services:
                - Name
                - !Ref Names
                - "Service${Name}X": { Type: AWS::ECS::Service, Properties: { ServiceName: "s-${Name}" } }
              Fn::ForEach::Broken: [ Name ]
            """;

        var declared = DeclaredResource.In(Template);

        declared
            .Where(resource => resource.Type != "AWS::ECS::Service")
            .Select(resource => (resource.LogicalId, resource.Type))
            .ShouldBe([
                ("Topic", "AWS::SNS::Topic"),
                ("LogOrders", "AWS::Logs::LogGroup"),
                ("OrdersRead", "AWS::IAM::Role"),
                ("Logaudit", "AWS::Logs::LogGroup"),
                ("au-ditRead", "AWS::IAM::Role"),
            ]);
        var service = declared.Single(resource => resource.Type == "AWS::ECS::Service");
        service.Name.ShouldBeNull();
        new[] { "ServiceAX", "ServiceXX", "ServiceordersX" }.ShouldAllBe(id => service.IsNamed(id));
        new[] { "ServiceX", "Service", "ServiceA", "AServiceAX", "ServiceAXY" }.ShouldAllBe(id => !service.IsNamed(id));
    }

    [Fact]
    public void A_logical_id_is_the_whole_of_it_unless_more_is_made_of_the_resource()
    {
        var resource = new DeclaredResource("Function", "AWS::Serverless::Function", null);

        (resource.IsNamed("Function"), resource.IsNamed("FunctionRole"), resource.IsNamed("Func")).ShouldBe((true, false, false));
        (resource.IsNamed("FunctionRole", mayGoOn: true), resource.IsNamed("Func", mayGoOn: true)).ShouldBe((true, false));
    }
}
