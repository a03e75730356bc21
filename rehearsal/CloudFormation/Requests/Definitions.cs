using System.Text.Json;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Extensions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>Makes definitions of what callers ask for, and judges them before anything begins.</summary>
public sealed class Definitions(StackEngine engine, ITemplateSource templates)
{
    /// <summary>The definition that a caller asks for.</summary>
    /// <param name="call">The request.</param>
    /// <param name="order">What is asked for.</param>
    /// <param name="existing">The stack that it is to update; null for a new one.</param>
    /// <exception cref="ApiException">ValidationError, InsufficientCapabilitiesException, AccessDenied (the role may not be
    /// passed).</exception>
    public StackDefinition Of(Call call, StackOrder order, StackRecord? existing)
    {
        if (order.RoleArn is { } role)
        {
            call.World.Api.CheckPassRole(call, role, "cloudformation.amazonaws.com");
        }

        return Refused(() =>
        {
            var body = Body(call, order, existing);
            var original = StackEvaluation.ReadOriginal(body);
            Dictionary<string, ParameterValue>? parameters = null;
            Dictionary<string, ParameterValue> Parameters() =>
                parameters ??= new(
                    Given(() =>
                        ParameterValues.Resolve(
                            original,
                            order.Parameters,
                            existing?.Definition.Parameters,
                            name => engine.Parameters(call.Principal, call.Region, name)
                        )
                    )
                );
            // An output of another stack may hold what the rehearsal made up.
            T Given<T>(Func<T> resolve)
            {
                try
                {
                    return resolve();
                }
                catch (TemplateException refused)
                    when (CustomResourceTypes.WhyRefused(JsonSerializer.SerializeToNode(order.Parameters), refused.Message) is { } reason)
                {
                    throw new TemplateException(reason);
                }
            }
            var expanded = original.Transforms.Contains(LanguageExtensions.Name)
                ? LanguageExtensions.Expand(
                    body,
                    new PseudoParameters(call.Account, call.Region, existing?.Id ?? "", existing?.Name ?? order.Name),
                    Parameters().ToDictionary(p => p.Key, p => p.Value.InUse)
                )
                : null;
            var template = StackEvaluation.Read(expanded ?? body);
            var missing = Capabilities.Missing(template, !order.IsReviewed && original.Transforms.Count > 0, order.Capabilities);
            if (missing.Count > 0)
            {
                throw new ApiException("InsufficientCapabilitiesException", $"Requires capabilities : [{string.Join(", ", missing)}]");
            }

            engine.Types.Check(template);
            if (!order.IsReviewed)
            {
                // A change set that is made fails with it.
                engine.CheckParameters(call.Account, call.Region, template, Parameters());
            }

            return new StackDefinition(body)
            {
                Expanded = expanded,
                Parameters = Parameters(),
                Tags = order.Tags is { } tags
                    ? new(tags.ToDictionary(), StringComparer.Ordinal)
                    : existing?.Definition.Tags ?? new(StringComparer.Ordinal),
                NotificationArns = order.NotificationArns is { } topics ? [.. topics] : existing?.Definition.NotificationArns ?? [],
                Capabilities = [.. order.Capabilities],
                RoleArn = order.RoleArn ?? existing?.Definition.RoleArn,
            };
        });
    }

    /// <summary>The template's text, from wherever the caller says.</summary>
    /// <exception cref="ApiException">ValidationError.</exception>
    public string Body(Call call, StackOrder order, StackRecord? existing) =>
        Refused(() =>
            (order.TemplateBody, order.TemplateUrl, order.UsePreviousTemplate) switch
            {
                ({ } body, null, false) => TemplateLimits.Bytes(body) <= TemplateLimits.InlineBytes
                    ? body
                    : throw new ApiException(
                        "ValidationError",
                        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length "
                            + $"less than or equal to {TemplateLimits.InlineBytes}"
                    ),
                (null, { } url, false) => templates.Fetch(call.Principal, call.Region, url) is var body
                && TemplateLimits.Bytes(body) <= TemplateLimits.AddressBytes
                    ? body
                    : throw new ApiException("ValidationError", $"Template may not exceed {TemplateLimits.AddressBytes} bytes in size."),
                // The processed template, with loops as they were: the documentation of the transform warns of it.
                (null, null, true) when existing is not null => existing.Definition.Executed,
                (null, null, _) => throw new ApiException("ValidationError", "Either Template URL or Template Body must be specified."),
                _ => throw new ApiException("ValidationError", "Specify only one of TemplateBody, TemplateURL and UsePreviousTemplate."),
            }
        );

    /// <summary>Whose permissions the resource calls use.</summary>
    public static Principal ResourcePrincipal(Call call, StackDefinition definition) =>
        definition.RoleArn is { } role
            ? Principal.AssumedRole(call.Account, role[(role.LastIndexOf('/') + 1)..], "AWSCloudFormation")
            : call.Principal;

    /// <summary>Turns a refused template into the answer that a caller gets.</summary>
    public static T Refused<T>(Func<T> judge)
    {
        try
        {
            return judge();
        }
        catch (TemplateException e)
        {
            throw new ApiException("ValidationError", e.Message);
        }
    }
}
