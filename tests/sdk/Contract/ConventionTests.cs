using System.Reflection;
using Amazon.Runtime;

namespace Deployer.Sdk.Tests.Contract;

/// <summary>What holds in the official assemblies that are served holds in those of <c>sdk/</c>. Each rule is tried on both.</summary>
public sealed class ConventionTests
{
    public static TheoryData<string> Packages => [.. OfficialAssemblies.Names, .. OfficialAssemblies.OwnNames];

    [Theory]
    [MemberData(nameof(Packages))]
    public void No_name_begins_with_an_underscore(string package) =>
        Shapes(package).Where(type => type.Name.StartsWith('_')).ShouldBeEmpty();

    // S3's shapes are written by hand in part: three of its lists differ, and so do the bases of some requests.
    public static TheoryData<string> GeneratedPackages =>
        [.. OfficialAssemblies.Names.Except(["AWSSDK.S3"]), .. OfficialAssemblies.OwnNames];

    [Theory]
    [MemberData(nameof(GeneratedPackages))]
    public void A_list_or_a_map_holds_constants_as_text(string package) =>
        Shapes(package)
            .SelectMany(type =>
                OfficialAssemblies
                    .Properties(type)
                    .Where(property => Inside(property.Value).Any(inner => inner.IsSubclassOf(typeof(ConstantClass))))
                    .Select(property => $"{type.Name}.{property.Key}")
            )
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(GeneratedPackages))]
    public void The_base_of_the_requests_lies_beside_the_client(string package)
    {
        var bases = Shapes(package).Where(type => type.BaseType == typeof(AmazonWebServiceRequest)).ToList();

        bases.ShouldHaveSingleItem();
        bases[0].Namespace.ShouldBe(Client(package).Namespace);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Requests_and_answers_lie_in_the_model(string package) =>
        Shapes(package)
            .Where(type => type.IsAssignableTo(typeof(AmazonWebServiceRequest)) || type.IsAssignableTo(typeof(AmazonWebServiceResponse)))
            .Where(type => type.BaseType != typeof(AmazonWebServiceRequest) && type.Namespace != $"{Client(package).Namespace}.Model")
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Packages))]
    public void Constants_lie_beside_the_client(string package) =>
        Shapes(package)
            .Where(type => type.IsSubclassOf(typeof(ConstantClass)) && type.Namespace != Client(package).Namespace)
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Packages))]
    public void An_exception_of_the_model_is_one_of_the_service(string package)
    {
        var service = Shapes(package).Single(type => type.BaseType == typeof(AmazonServiceException));

        service.Namespace.ShouldBe(Client(package).Namespace);
        Shapes(package)
            .Where(type => type.IsSubclassOf(typeof(AmazonServiceException)) && type != service)
            .Where(type => !type.IsSubclassOf(service) || !type.Name.EndsWith("Exception", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_list_of_constants_would_be_seen() =>
        Inside(typeof(Dictionary<string, List<List<Constant>>>)).ShouldContain(typeof(Constant));

    private static Type Client(string package) =>
        Assembly.Load(package).GetExportedTypes().Single(type => type.BaseType == typeof(AmazonServiceClient));

    // What the generator writes: helpers that only the official packages have, as the document model of DynamoDB, lie elsewhere.
    private static IEnumerable<Type> Shapes(string package)
    {
        var root = Client(package).Namespace;
        return Assembly.Load(package).GetExportedTypes().Where(type => type.Namespace == root || type.Namespace == $"{root}.Model");
    }

    private static IEnumerable<Type> Inside(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(argument => Inside(argument).Append(argument)) : [];

    private sealed class Constant(string value) : ConstantClass(value);
}
