using Amazon.CloudFormation;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>The simulated CloudFormation: its operations over the stacks of all accounts.</summary>
public sealed partial class CloudFormationService : ModelService
{
    private const int PageSize = 100;
    private readonly RehearsalWorld _world;
    private readonly StackTable _stacks;
    private readonly Exports _exports;
    private readonly Definitions _definitions;
    private readonly ChangeSets _changeSets;
    private readonly StackRequests _requests;
    private readonly ChangeSetRequests _changeSetRequests;

    /// <summary>The service of a world.</summary>
    /// <param name="world">Holds the stacks.</param>
    /// <param name="events">Takes every change of status.</param>
    /// <param name="types">The resource types that stacks can hold, beside nested stacks.</param>
    public CloudFormationService(RehearsalWorld world, IEventSource events, ResourceTypeCatalogue types)
        : base(CloudFormationModel.Service)
    {
        var templates = new S3Templates(world);
        _world = world;
        _stacks = new StackTable(world);
        _exports = new Exports(_stacks);
        Engine = new StackEngine(world, _stacks, templates, types) { Parameters = ReadParameter };
        Engine.Listen(new StackEvents(events));
        _definitions = new Definitions(Engine, templates);
        _changeSets = new ChangeSets(world, _stacks, Engine, templates);
        _requests = new StackRequests(world, _stacks, Engine, _definitions, _changeSets);
        _changeSetRequests = new ChangeSetRequests(world, _stacks, Engine, _definitions, _requests, _changeSets);
        StackOperations();
        ChangeSetOperations();
        Descriptions();
        TemplateOperations();
        DriftOperations();
    }

    /// <summary>What carries operations out: resource types are handed to their services here, listeners added.</summary>
    public StackEngine Engine { get; }

    /// <summary>
    /// "The response contains control characters or otherwise invalid characters" is what is answered for events and for drift; the report
    /// does not say the code. https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1601
    /// </summary>
    private protected override void CheckAnswer(ReadOnlySpan<byte> body)
    {
        if (XmlBody.HasInvalidCharacter(body))
        {
            throw new ApiException("ValidationError", "The response contains control characters or otherwise invalid characters");
        }
    }

    /// <summary>The ARN by which policies judge a request about a stack.</summary>
    private string Arn(Call call, string? nameOrId) =>
        nameOrId switch
        {
            null => "*",
            _ when nameOrId.StartsWith("arn:", StringComparison.Ordinal) => nameOrId,
            _ => _stacks.Find(call.Account, call.Region, nameOrId)?.Id
                ?? $"arn:aws:cloudformation:{call.Region}:{call.Account}:stack/{nameOrId}/*",
        };

    // CloudFormation asks with the permissions of whoever works on the stack, and for ssm:GetParameters:
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
    private string? ReadParameter(Principal principal, string region, string name) =>
        _world
            .Api.Invoke<GetParametersResponse>(principal, region, new GetParametersRequest { Names = [name] })
            .Parameters?.FirstOrDefault()
            ?.Value;

    private static (List<T> Items, string? NextToken) Page<T>(IEnumerable<T> all, string? token) =>
        Pages.ByPlace(all, token, PageSize, () => new ApiException("ValidationError", "Invalid NextToken"));

    private static void Refuse(params IEnumerable<(string Name, bool IsGiven)> options)
    {
        foreach (var (name, _) in options.Where(option => option.IsGiven))
        {
            throw new ApiException("ValidationError", $"{name} is not supported by the rehearsal.");
        }
    }
}
