using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>A change set that is being made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Notices">What somebody has to know about its parameters, a sentence each.</param>
internal sealed record MadeChangeSet(string Id, IReadOnlyList<string> Notices);

/// <summary>Makes change sets. The same attempt asks for the same one, under its request token.</summary>
internal static class StackChangeSet
{
    /// <summary>Makes the change set of this attempt, or finds the one that an earlier try of it has made.</summary>
    /// <param name="run">The step.</param>
    /// <param name="inputs">What goes into the stack.</param>
    /// <param name="present">The stack as it can be updated; <see langword="null"/> for one to create.</param>
    /// <param name="role">The role with which CloudFormation works.</param>
    /// <param name="sources">Uploads what the template was packaged with.</param>
    /// <exception cref="SpecInvalidException">The step's parameters or capabilities do not fit the template.</exception>
    /// <exception cref="StackFailedException">CloudFormation refuses the template.</exception>
    public static async Task<MadeChangeSet> Make(StepRun run, StackInputs inputs, Stack? present, string role, Sources sources)
    {
        var cloudFormation = run.Account.CloudFormation;
        foreach (var packaged in inputs.Objects)
        {
            await sources.Upload(packaged.Key, packaged.Open);
        }

        var summary = await cloudFormation
            .GetTemplateSummaryAsync(new GetTemplateSummaryRequest { TemplateBody = inputs.TemplateBody, TemplateURL = inputs.TemplateUrl })
            .ReportRefusal(inputs.Stack, inputs.TemplateUrl);
        var summaries = new List<GetTemplateSummaryResponse> { summary };
        foreach (
            var nested in inputs.Objects.Select(packaged => packaged.TemplateUrl).OfType<string>().Where(url => url != inputs.TemplateUrl)
        )
        {
            summaries.Add(
                await cloudFormation
                    .GetTemplateSummaryAsync(new GetTemplateSummaryRequest { TemplateURL = nested })
                    .ReportRefusal(inputs.Stack, nested)
            );
        }

        foreach (var secret in (summary.Parameters ?? []).Where(parameter => parameter.NoEcho == true))
        {
            run.Secrets.Add(inputs.Parameters.GetValueOrDefault(secret.ParameterKey));
            run.Secrets.Add(secret.DefaultValue);
        }

        var notices = present is null ? [] : await HiddenDefaults(cloudFormation, inputs, summary, present);
        try
        {
            var answer = await cloudFormation
                .CreateChangeSetAsync(
                    new CreateChangeSetRequest
                    {
                        StackName = inputs.Stack,
                        ChangeSetName = run.RequestToken,
                        ClientToken = run.RequestToken,
                        ChangeSetType = present is null ? ChangeSetType.CREATE : ChangeSetType.UPDATE,
                        Description = $"deployment {run.Deployment.Deployment}, step {run.Name}",
                        TemplateBody = inputs.TemplateBody,
                        TemplateURL = inputs.TemplateUrl,
                        RoleARN = role,
                        Capabilities = StackCapabilities.Require(run.Step<StackStep>(), summaries),
                        Parameters = StackParameters.Resolve(run, inputs, summary.Parameters ?? [], present),
                        Tags = [.. inputs.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })],
                        IncludeNestedStacks = true,
                    }
                )
                .ReportRefusal(inputs.Stack);
            return new MadeChangeSet(answer.Id, notices);
        }
        catch (AlreadyExistsException)
        {
            // An earlier try of this very attempt made it and was cut off before it could write that down.
            var earlier = await cloudFormation.DescribeChangeSetAsync(
                new DescribeChangeSetRequest { StackName = inputs.Stack, ChangeSetName = run.RequestToken }
            );
            return new MadeChangeSet(earlier.ChangeSetId, notices);
        }
    }

    /// <summary>
    /// Parameters that keep a value although the template's default for them has changed: the new default does not come into effect. Values
    /// of <c>NoEcho</c> parameters are not named.
    /// </summary>
    private static async Task<IReadOnlyList<string>> HiddenDefaults(
        IAmazonCloudFormation cloudFormation,
        StackInputs inputs,
        GetTemplateSummaryResponse wanted,
        Stack present
    )
    {
        var kept = (present.Parameters ?? []).ToDictionary(parameter => parameter.ParameterKey, parameter => parameter.ParameterValue);
        var hidden = (wanted.Parameters ?? [])
            .Where(declared =>
                declared.DefaultValue is { } value
                && !inputs.Parameters.ContainsKey(declared.ParameterKey)
                && kept.TryGetValue(declared.ParameterKey, out var present)
                && present != value
            )
            .ToList();
        if (hidden.Count == 0)
        {
            return [];
        }

        var former =
            (await cloudFormation.GetTemplateSummaryAsync(new GetTemplateSummaryRequest { StackName = present.StackId })).Parameters ?? [];
        return
        [
            .. from declared in hidden
            let before = former.Find(parameter => parameter.ParameterKey == declared.ParameterKey)?.DefaultValue
            where before is not null && before != declared.DefaultValue
            select declared.NoEcho == true
                ? $"parameter {declared.ParameterKey} keeps its value; the template's default for it has changed, and "
                    + "counts only for new stacks"
                : $"parameter {declared.ParameterKey} keeps its value '{kept[declared.ParameterKey]}'; the template's "
                    + "default for it has changed "
                    + $"from '{before}' to '{declared.DefaultValue}', and counts only for new stacks: name the "
                    + "parameter in the step to change it",
        ];
    }
}
