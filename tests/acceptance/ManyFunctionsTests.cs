using System.Globalization;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// An endpoint of 250 functions, in an account in which Lambda answers 15 requests a second
/// (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
/// </summary>
public sealed class ManyFunctionsTests : IDisposable
{
    private const int Functions = 250;
    private const int WithAlias = 100;
    private const int MostTransitions = 15;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_are_given_the_address_and_a_second_deployment_has_nothing_to_do_in_few_transitions()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.Write(
            service,
            """
              endpoint:
                endpoint: ${steps.network.outputs.EndpointId}
                via: vpc-endpoint
                functions: { names: [ "inventory-consumer-${target}-*" ] }
                variables: { DATOMIC_ENDPOINT: "http://${dns}:8182" }
                after: [ network ]
            """
        );
        var accounts = Path.Combine(service, "accounts", "service.yaml");
        var text = await File.ReadAllTextAsync(accounts, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            accounts,
            $"Transform: AWS::LanguageExtensions\n{text}".Replace("\nOutputs:", $"{Consumers()}\nOutputs:", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        var first = await Rehearse(service);
        var second = await Rehearse(service);

        first.Report.Verdict.ShouldBe(Verdict.Succeeded, first.Report.Cause);
        second.Report.Verdict.ShouldBe(Verdict.NothingToDo, second.Report.Cause);
        second.ShouldChangeNothing();
        second.Report.Transitions.ShouldBeLessThanOrEqualTo(MostTransitions);
        await using var after = await SimulatedAccounts.OpenService(service, Path.Combine(_folder.Path, "state"));
        var given = new List<bool>();
        for (var number = 0; number < Functions; number++)
        {
            var variables = await after.Variables($"inventory-consumer-dev-{number:000}");
            given.Add(variables.ContainsKey("DATOMIC_ENDPOINT"));
        }

        given.ShouldAllBe(isGiven => isGiven);
    }

    /// <summary>By loops, since what is written out has no room in a request.</summary>
    private static string Consumers()
    {
        static string Numbers(int count) =>
            string.Join(
                ", ",
                Enumerable.Range(0, count).Select(number => number.ToString("000", CultureInfo.InvariantCulture)).Select(Quoted)
            );
        static string Quoted(string number) => $"\"{number}\"";

        return $$"""

              Fn::ForEach::Functions:
                - Number
                - [ {{Numbers(Functions)}} ]
                - "F${Number}":
                    Type: AWS::Lambda::Function
                    Properties:
                      FunctionName: !Sub "inventory-consumer-${Target}-${Number}"
                      Runtime: nodejs22.x
                      Handler: index.handler
                      Role: !GetAtt ConsumerRole.Arn
                      Code: { ZipFile: "exports.handler = async () => process.env.DATOMIC_ENDPOINT;" }
              Fn::ForEach::Aliases:
                - Number
                - [ {{Numbers(WithAlias)}} ]
                - "V${Number}": { Type: AWS::Lambda::Version, Properties: { FunctionName: !Ref "F${Number}" } }
                  "A${Number}":
                    Type: AWS::Lambda::Alias
                    Properties: { FunctionName: !Ref "F${Number}", FunctionVersion: !GetAtt "V${Number}.Version", Name: live }

            """;
    }

    private Task<CommandResult> Rehearse(string service) =>
        CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", Path.Combine(_folder.Path, "state"));
}
