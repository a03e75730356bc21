using System.Reflection;
using System.Text.Json;
using Amazon.EC2;
using Amazon.Runtime;
using Amazon.SimpleSystemsManagement;

namespace Deployer.Sdk.Tests.Contract;

/// <summary>The official assemblies say what the generator has to write: names, types, constants and operations.</summary>
public sealed class OfficialNamesTests(NpmSchemas schemas) : IClassFixture<NpmSchemas>
{
    private static readonly string Known = Path.Combine(Repository.Root, "tests", "sdk", "Contract", "official-differences.txt");

    /// <summary>
    /// The generator's rules are tried on every operation of the packages that are served. Where the official package differs, it has a
    /// customization of its own or is older than the schemas; those are listed in a file, and an operation that is used needs the same
    /// customization in <c>operations.json</c>.
    /// </summary>
    [Fact]
    public void The_rules_name_every_operation_of_the_served_packages_as_the_official_ones_do()
    {
        var differences = schemas.Print("oracle.mjs").EnumerateObject().SelectMany(package => Differences(package.Value)).ToList();
        if (Environment.GetEnvironmentVariable("DEPLOYER_APPROVE_API") == "1")
        {
            File.WriteAllLines(Known, differences);
        }

        differences.ShouldBe(File.ReadAllLines(Known), ignoreOrder: true);
    }

    [Fact]
    public void A_name_a_type_and_a_constant_that_differ_are_seen()
    {
        using var document = JsonDocument.Parse(
            """
            {
              "official": "AWSSDK.EC2",
              "constants": { "Amazon.EC2._InstanceType": [], "Amazon.EC2.InstanceStateName": ["Running", "Shutting_down"] },
              "classes": {
                "Amazon.EC2.Model.InstanceType": {},
                "Amazon.EC2.Model.Subnet": { "SubnetId": "string", "Vpc": "string", "AvailableIpAddressCount": "string" }
              }
            }
            """
        );

        Differences(document.RootElement)
            .ShouldBe([
                "no Amazon.EC2._InstanceType",
                "no Amazon.EC2.InstanceStateName.Shutting_down",
                "no Amazon.EC2.Model.InstanceType",
                "no Amazon.EC2.Model.Subnet.Vpc",
                "Amazon.EC2.Model.Subnet.AvailableIpAddressCount is int?, not string",
            ]);
    }

    public static TheoryData<string, string> Described =>
        new(Services.Described.SelectMany(service => service.Operations.Select(operation => (service.Name, operation.Name))));

    [Theory]
    [MemberData(nameof(Described))]
    public void A_described_operation_is_one_of_the_official_client(string serviceName, string operationName)
    {
        var service = Services.Named(serviceName);
        var operation = service.FindOperation(operationName)!;
        var client = serviceName == "EC2" ? typeof(IAmazonEC2) : typeof(IAmazonSimpleSystemsManagement);
        var method = client.GetMethod($"{operationName}Async", [operation.Request.Create().GetType(), typeof(CancellationToken)]);

        method.ShouldNotBeNull();
        method.ReturnType.GetGenericArguments().ShouldBe([operation.Response.Create().GetType()]);
    }

    private static IEnumerable<string> Differences(JsonElement package)
    {
        var assembly = Assembly.Load(package.GetProperty("official").GetString()!);
        foreach (var constants in package.GetProperty("constants").EnumerateObject())
        {
            if (assembly.GetType(constants.Name) is not { } type || !type.IsSubclassOf(typeof(ConstantClass)))
            {
                yield return $"no {constants.Name}";
                continue;
            }

            foreach (var constant in constants.Value.EnumerateArray().Where(constant => type.GetField(constant.GetString()!) is null))
            {
                yield return $"no {constants.Name}.{constant}";
            }
        }

        foreach (var shape in package.GetProperty("classes").EnumerateObject())
        {
            if (assembly.GetType(shape.Name) is not { } type)
            {
                yield return $"no {shape.Name}";
                continue;
            }

            var properties = OfficialAssemblies.Properties(type);
            foreach (var property in shape.Value.EnumerateObject())
            {
                if (!properties.TryGetValue(property.Name, out var official))
                {
                    yield return $"no {shape.Name}.{property.Name}";
                }
                else if (Comparable(OfficialAssemblies.Written(official)) != Comparable(property.Value.GetString()!))
                {
                    yield return $"{shape.Name}.{property.Name} is {OfficialAssemblies.Written(official)}, not {property.Value}";
                }
            }
        }
    }

    // The schemas do not tell the kinds of numbers apart; numbers.json does for the members that are used, and the compiler holds it.
    private static string Comparable(string type) => type.Replace("long", "int").Replace("double", "int").Replace("float", "int");
}
