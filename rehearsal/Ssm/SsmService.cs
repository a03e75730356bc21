using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Rehearsal.CloudFormation.Templates.Support;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ssm;

/// <summary>The Parameter Store's API.</summary>
public sealed class SsmService : ModelService
{
    private const int PageSize = 10;
    private readonly ParameterStore _parameters;

    /// <summary>A service of this world.</summary>
    public SsmService(RehearsalWorld world)
        : base(SimpleSystemsManagementModel.Service)
    {
        _parameters = new ParameterStore(world);
        On<PutParameterRequest, PutParameterResponse>("PutParameter", PutParameter, (call, request) => [Arn(call, request.Name)]);
        On<GetParameterRequest, GetParameterResponse>(
            "GetParameter",
            GetParameter,
            (call, request) => [Arn(call, Selector(request.Name).Name)]
        );
        On<GetParametersRequest, GetParametersResponse>(
            "GetParameters",
            GetParameters,
            (call, request) => request.Names.Select(name => Arn(call, Selector(name).Name))
        );
        On<GetParametersByPathRequest, GetParametersByPathResponse>(
            "GetParametersByPath",
            GetParametersByPath,
            (call, request) => [Arn(call, request.Path)]
        );
        On<DeleteParameterRequest, DeleteParameterResponse>(
            "DeleteParameter",
            DeleteParameter,
            (call, request) => [Arn(call, request.Name)]
        );
        On<DeleteParametersRequest, DeleteParametersResponse>(
            "DeleteParameters",
            DeleteParameters,
            (call, request) => request.Names.Select(name => Arn(call, name))
        );
        On<AddTagsToResourceRequest, AddTagsToResourceResponse>(
            "AddTagsToResource",
            AddTagsToResource,
            (call, request) => [Arn(call, request.ResourceId)]
        );
    }

    private static string Arn(Call call, string name) =>
        SsmParameter.ArnOf(PublicParameterNames.Includes(name) ? string.Empty : call.Account, call.Region, name);

    private static (string Name, string? Version) Selector(string name) =>
        name.Split(':', 2) switch
        {
            ["arn", ..] => throw new ApiException("ValidationException", "The rehearsal does not simulate parameters named by an ARN."),
            [var plain, var version] => (plain, version),
            _ => (name, null),
        };

    private PutParameterResponse PutParameter(Call call, PutParameterRequest request)
    {
        SimulatedMembers.Only(request, "Name", "Value", "Type", "Overwrite", "Description", "Tags", "DataType", "Tier");
        Demand(
            request.Tier is null || request.Tier == ParameterTier.Standard,
            "The rehearsal simulates parameters of the tier Standard only."
        );
        Demand(request.DataType is null or "text", "The rehearsal simulates parameters of the data type text only.");
        Demand(
            request.Overwrite != true || request.Tags is not { Count: > 0 },
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag."
        );
        var version = _parameters.Put(
            call.Account,
            call.Region,
            request.Name,
            request.Value,
            request.Type?.Value,
            request.Overwrite ?? false,
            request.Description,
            request.Tags?.ToDictionary(tag => tag.Key, tag => tag.Value)
        );
        return new PutParameterResponse { Version = version, Tier = ParameterTier.Standard };
    }

    private GetParameterResponse GetParameter(Call call, GetParameterRequest request) =>
        new() { Parameter = Find(call, request.Name, request.WithDecryption ?? false) ?? throw NotFound() };

    private GetParametersResponse GetParameters(Call call, GetParametersRequest request)
    {
        var found = request.Names.Select(name => (Name: name, Parameter: Find(call, name, request.WithDecryption ?? false))).ToList();
        return new GetParametersResponse
        {
            Parameters = [.. found.Select(pair => pair.Parameter).OfType<Parameter>()],
            InvalidParameters = [.. found.Where(pair => pair.Parameter is null).Select(pair => pair.Name)],
        };
    }

    private GetParametersByPathResponse GetParametersByPath(Call call, GetParametersByPathRequest request)
    {
        SimulatedMembers.Only(request, "Path", "Recursive", "WithDecryption", "MaxResults", "NextToken");
        Demand(request.Path.StartsWith('/'), "The parameter path must begin with a forward slash.");
        var path = request.Path.TrimEnd('/') + "/";
        var (page, next) = Pages.ByPosition(
            _parameters
                .Below(call.Account, call.Region, path)
                .Where(parameter => request.Recursive == true || !parameter.Name[path.Length..].Contains('/', StringComparison.Ordinal)),
            parameter => parameter.Name,
            request.NextToken,
            request.MaxResults ?? PageSize
        );
        return new GetParametersByPathResponse
        {
            Parameters = [.. page.Select(parameter => Shown(parameter, parameter.Versions.Count, null, request.WithDecryption ?? false))],
            NextToken = next,
        };
    }

    private DeleteParameterResponse DeleteParameter(Call call, DeleteParameterRequest request) =>
        _parameters.Delete(call.Account, call.Region, request.Name) ? new DeleteParameterResponse() : throw NotFound();

    private DeleteParametersResponse DeleteParameters(Call call, DeleteParametersRequest request)
    {
        var outcomes = request.Names.ToLookup(name => _parameters.Delete(call.Account, call.Region, name));
        return new DeleteParametersResponse { DeletedParameters = [.. outcomes[true]], InvalidParameters = [.. outcomes[false]] };
    }

    private AddTagsToResourceResponse AddTagsToResource(Call call, AddTagsToResourceRequest request)
    {
        Demand(
            request.ResourceType == ResourceTypeForTagging.Parameter,
            "The rehearsal simulates tags of the resource type Parameter only."
        );
        var parameter =
            _parameters.Find(call.Account, call.Region, request.ResourceId)
            ?? throw new ApiException("InvalidResourceId", $"The resource ID {request.ResourceId} is not valid.");
        _parameters.Tag(parameter, request.Tags.ToDictionary(tag => tag.Key, tag => tag.Value));
        return new AddTagsToResourceResponse();
    }

    private Parameter? Find(Call call, string selector, bool decrypted)
    {
        var (name, version) = Selector(selector);
        var parameter = PublicParameterNames.Includes(name)
            ? PublicParameters.Find(call.Region, name)
            : _parameters.Find(call.Account, call.Region, name);
        if (parameter is null)
        {
            return null;
        }

        if (version is null)
        {
            return Shown(parameter, parameter.Versions.Count, null, decrypted);
        }

        return
            int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
            && number <= parameter.Versions.Count
            ? Shown(parameter, number, $":{version}", decrypted)
            : throw new ApiException(
                "ParameterVersionNotFound",
                $"Systems Manager could not find version {version} of {name}. Verify the version and try again."
            );
    }

    private static Parameter Shown(SsmParameter parameter, int version, string? selector, bool decrypted)
    {
        var (value, modified) = parameter.Versions[version - 1];
        return new Parameter
        {
            Name = parameter.Name,
            ARN = parameter.Arn,
            Type = parameter.Type,
            Value = parameter.Type == ParameterType.SecureString.Value && !decrypted ? Cipher(value) : value,
            Version = version,
            Selector = selector,
            LastModifiedDate = modified.UtcDateTime,
            DataType = "text",
        };
    }

    /// <summary>Text that looks like KMS's and gives nothing away.</summary>
    private static string Cipher(string value) => "AQICAH" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    private static ApiException NotFound() => new("ParameterNotFound", string.Empty);

    private static void Demand(bool holds, string message)
    {
        if (!holds)
        {
            throw new ApiException("ValidationException", message);
        }
    }
}
