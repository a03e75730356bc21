using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>A refusal of AWS says what the request was about, whichever request of the functions it was.</summary>
public sealed partial class NamedRequestsTests
{
    private const string Named = "x";
    private const string Value = "hunter2";

    /// <summary>Requests about a whole account, and those that have nothing but what must not be shown or is no name.</summary>
    private static readonly string[] AboutNothing =
    [
        "DescribeInstancesRequest",
        "GetAccountSettingsRequest",
        "GetMetricDataRequest",
        "ListExportsRequest",
        "ListFunctionsRequest",
        "ListMetricsRequest",
        "PutEventsRequest",
        "SendTaskFailureRequest",
        "SendTaskSuccessRequest",
        "TestEventPatternRequest",
    ];

    [Fact]
    public void Every_request_that_the_functions_make_is_named_with_what_it_is_about() =>
        Made()
            .Where(type => !AboutNothing.Contains(type.Name))
            .Select(type => AwsRequests.Describe(Filled(type)))
            .Where(text =>
                !text.Contains($" of {Named}", StringComparison.Ordinal) && !text.Contains($"://{Named}", StringComparison.Ordinal)
            )
            .ShouldBeEmpty();

    [Fact]
    public void Those_that_are_about_nothing_are_made_and_no_value_of_any_request_is_shown()
    {
        Made().Select(type => type.Name).Intersect(AboutNothing).Order(StringComparer.Ordinal).ShouldBe(AboutNothing);
        Made().Select(type => AwsRequests.Describe(Filled(type))).ShouldAllBe(text => !text.Contains(Value, StringComparison.Ordinal));
    }

    /// <summary>The requests that the compiled functions construct.</summary>
    private static IReadOnlyList<Type> Made()
    {
        using var file = new PEReader(File.OpenRead(typeof(DeployerException).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var found = new HashSet<Type>();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (metadata.GetString(member.Name) == ".ctor" && member.Parent.Kind == HandleKind.TypeReference)
            {
                var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
                if (
                    metadata.GetString(type.Name).EndsWith("Request", StringComparison.Ordinal)
                    && metadata.GetString(type.Namespace).StartsWith("Amazon.", StringComparison.Ordinal)
                    && type.ResolutionScope.Kind == HandleKind.AssemblyReference
                )
                {
                    var assembly = metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
                    found.Add(
                        Assembly
                            .Load(metadata.GetString(assembly.Name))
                            .GetType($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}", throwOnError: true)!
                    );
                }
            }
        }

        found.Count.ShouldBeGreaterThan(60);
        return [.. found];
    }

    /// <summary>A request whose names are <see cref="Named"/>, and whose other texts are <see cref="Value"/>.</summary>
    private static AmazonWebServiceRequest Filled(Type type)
    {
        var request = (AmazonWebServiceRequest)Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            var text = Name().IsMatch(property.Name) ? Named : Value;
            if (property.PropertyType == typeof(string))
            {
                property.SetValue(request, text);
            }
            else if (property.PropertyType == typeof(List<string>))
            {
                property.SetValue(request, new List<string> { text });
            }
        }

        return request;
    }

    /// <summary>Members that name what a request is about.</summary>
    [GeneratedRegex(
        @"(Name|Names|Arn|Arns|ARN|ARNList|Id|Ids|URL)$|^(Key|Prefix|Cluster|Service|Services|Tasks|TaskDefinition|Family|Rule)$"
            + "|^(ServiceCode|QuotaCode)$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Name();
}
