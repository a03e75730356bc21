using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>The requests about templates.</summary>
public sealed partial class CloudFormationService
{
    private void TemplateOperations()
    {
        On<GetTemplateRequest, GetTemplateResponse>("GetTemplate", GetTemplate, (call, r) => [Arn(call, r.StackName)]);
        On<GetTemplateSummaryRequest, GetTemplateSummaryResponse>(
            "GetTemplateSummary",
            GetTemplateSummary,
            (call, r) => [Arn(call, r.StackName)]
        );
        On<ValidateTemplateRequest, ValidateTemplateResponse>("ValidateTemplate", ValidateTemplate, (_, _) => ["*"]);
    }

    private GetTemplateResponse GetTemplate(Call call, GetTemplateRequest request)
    {
        var definition = request.ChangeSetName is { } changeSet
            ? _changeSets.Get(call, changeSet, request.StackName).Definition
            : Any(call, request.StackName).Described;
        return new GetTemplateResponse
        {
            TemplateBody =
                request.TemplateStage == TemplateStage.Processed
                    ? StackEvaluation.Read(definition.Executed).Root.ToJsonString()
                    : definition.TemplateBody,
            StagesAvailable = [TemplateStage.Original, TemplateStage.Processed],
        };
    }

    private GetTemplateSummaryResponse GetTemplateSummary(Call call, GetTemplateSummaryRequest request)
    {
        Refuse(("StackSetName", request.StackSetName is not null));
        var body = request.StackName is { } name
            ? Any(call, name).Described.TemplateBody
            : _definitions.Body(call, new StackOrder("") { TemplateBody = request.TemplateBody, TemplateUrl = request.TemplateURL }, null);
        var (original, processed) = Read(body);
        var (capability, reason) = Requests.Capabilities.Needed(processed);
        return new GetTemplateSummaryResponse
        {
            Parameters =
            [
                .. original.Parameters.Values.Select(p => new Amazon.CloudFormation.Model.ParameterDeclaration
                {
                    ParameterKey = p.Name,
                    DefaultValue = p.Default,
                    ParameterType = p.Type,
                    NoEcho = p.NoEcho,
                    Description = p.Description,
                    ParameterConstraints = p.AllowedValues is { } values ? new ParameterConstraints { AllowedValues = [.. values] } : null,
                }),
            ],
            Description = original.Description,
            Capabilities = capability is null ? null : [capability],
            CapabilitiesReason = reason,
            ResourceTypes = [.. original.Resources.Values.Select(r => r.Type).Distinct()],
            Version = "2010-09-09",
            Metadata = original.Metadata?.ToJsonString(),
            DeclaredTransforms = [.. original.Transforms],
        };
    }

    private ValidateTemplateResponse ValidateTemplate(Call call, ValidateTemplateRequest request)
    {
        var (original, processed) = Read(
            _definitions.Body(call, new StackOrder("") { TemplateBody = request.TemplateBody, TemplateUrl = request.TemplateURL }, null)
        );
        var (capability, reason) = Requests.Capabilities.Needed(processed);
        return new ValidateTemplateResponse
        {
            Parameters =
            [
                .. original.Parameters.Values.Select(p => new TemplateParameter
                {
                    ParameterKey = p.Name,
                    DefaultValue = p.Default,
                    NoEcho = p.NoEcho,
                    Description = p.Description,
                }),
            ],
            Description = original.Description,
            Capabilities = capability is null ? null : [capability],
            CapabilitiesReason = reason,
            DeclaredTransforms = [.. original.Transforms],
        };
    }

    private static (Template Original, Template Processed) Read(string body) =>
        Definitions.Refused(() =>
        {
            var original = StackEvaluation.ReadOriginal(body);
            var expanded = original.Transforms.Contains(LanguageExtensions.Name) ? LanguageExtensions.ExpandWithDefaults(body) : null;
            return (original, StackEvaluation.Read(expanded ?? body));
        });
}
