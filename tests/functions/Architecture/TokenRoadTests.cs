using System.Text.Json.Serialization;
using Amazon.StepFunctions.Model;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Steps;
using Type = System.Type;

namespace Deployer.Functions.Tests.Architecture;

/// <summary>
/// A task token travels one road: from the state's input or the ledger into the step's run, and from there to the one place that answers
/// it. No kind of step, and no report, can come by one.
/// </summary>
public sealed class TokenRoadTests
{
    private static readonly ArchUnitNET.Domain.Architecture Functions = new ArchLoader().LoadAssemblies(typeof(Startup).Assembly).Build();

    /// <summary>Who reads a token, by the type that carries it; the type itself may.</summary>
    public static TheoryData<Type, string[]> Carriers { get; } =
        new()
        {
            { typeof(TaskInput), [nameof(StepRuns)] },
            { typeof(WaitRecord), [nameof(StepRuns)] },
            { typeof(StepRun), [nameof(WaitingTask)] },
            { typeof(BeginInput), [nameof(Begin)] },
            { typeof(LockHolder), [nameof(Settling), nameof(TargetLock)] },
        };

    [Theory]
    [MemberData(nameof(Carriers))]
    public void A_token_is_read_only_by_who_hands_it_on(Type carrier, string[] readers) =>
        CallersOf(carrier, "get_Token").Where(caller => caller != carrier.Name).Except(Serializers).ShouldBe(readers);

    [Theory]
    [InlineData(typeof(SendTaskSuccessRequest))]
    [InlineData(typeof(SendTaskFailureRequest))]
    public void One_class_answers_tokens(Type request) => CallersOf(request, ".ctor").ShouldBe([nameof(Executions)]);

    [Fact]
    public void No_other_type_has_a_task_token()
    {
        // Tokens of other things: of an update of a stack, and of a build.
        string[] others = ["StackStatusDetail", "IonBuildOrder"];
        Functions
            .PropertyMembers.Where(property => property.Name == "Token" && property.Visibility != Visibility.Private)
            .Select(property => property.DeclaringType.Name)
            .Except(others)
            .Order(StringComparer.Ordinal)
            .ShouldBe(Carriers.Select(row => row.Data.Item1.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>What writes and reads a carrier as a document.</summary>
    private static IEnumerable<string> Serializers =>
        typeof(Startup).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(JsonSerializerContext))).Select(type => type.Name);

    private static IEnumerable<string> CallersOf(Type type, string method)
    {
        var callers = Functions
            .Types.Where(caller =>
                caller
                    .Members.SelectMany(member => member.MemberDependencies)
                    .OfType<MethodCallDependency>()
                    .Any(call =>
                        call.TargetMember.DeclaringType.FullName == type.FullName
                        && call.TargetMember.Name.StartsWith(method + "(", StringComparison.Ordinal)
                    )
            )
            .Select(caller => caller.Name.Split('+', '<', '/')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        callers.ShouldNotBeEmpty();
        return callers;
    }
}
