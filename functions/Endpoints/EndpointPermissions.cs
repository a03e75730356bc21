using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Endpoints;

/// <summary>What the target's role needs to write an endpoint into functions.</summary>
public sealed class EndpointPermissions(Settings settings) : IPermissionNeeds
{
    private static readonly string[] Always =
    [
        "lambda:GetFunctionConfiguration",
        "lambda:ListAliases",
        "lambda:UpdateFunctionConfiguration",
    ];

    private static readonly string[] OfAlias = ["lambda:GetAlias", "lambda:PublishVersion", "lambda:UpdateAlias"];

    /// <inheritdoc/>
    public IEnumerable<NeededPermission> For(CheckRun run)
    {
        var needs = new TargetNeeds(settings.Stage, run);
        return
        [
            needs.Target("ec2:DescribeVpcEndpoints"),
            needs.Target("lambda:ListFunctions"),
            .. from step in run.Source.Spec.Steps.OfType<EndpointStep>()
            from expression in step.FunctionNames
            let name = run.Text(expression)?.Replace("*", "check", StringComparison.Ordinal)
            where name is not null
            from action in step.Alias is null ? Always : [.. Always, .. OfAlias]
            select needs.Service(action, $"arn:aws:lambda:{run.Target.Region}:{run.Target.Account}:function:{name}"),
        ];
    }
}
