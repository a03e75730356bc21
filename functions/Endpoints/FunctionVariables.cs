using Amazon.Lambda;
using Amazon.Lambda.Model;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Endpoints;

/// <summary>
/// Brings one function's variables to what they should be: reads, merges and writes its environment under its revision id, and moves the
/// alias that serves it.
/// </summary>
internal static class FunctionVariables
{
    /// <summary>Does the next thing that is to be done for a function.</summary>
    /// <param name="lambda">The account's Lambda.</param>
    /// <param name="name">The function.</param>
    /// <param name="wanted">The variables that it should have; its others stay.</param>
    /// <param name="alias">The alias to move to a version that has them; <see langword="null"/> for none.</param>
    public static async Task<AppliedVariables> Apply(IAmazonLambda lambda, string name, Dictionary<string, string> wanted, string? alias)
    {
        GetFunctionConfigurationResponse found;
        try
        {
            found = await lambda.GetFunctionConfigurationAsync(new GetFunctionConfigurationRequest { FunctionName = name });
        }
        catch (ResourceNotFoundException)
        {
            return new AppliedVariables.Refused("the function no longer exists");
        }

        if (found.LastUpdateStatus == LastUpdateStatus.InProgress)
        {
            return new AppliedVariables.Pending();
        }

        if (found.Environment?.Error is { } error)
        {
            return new AppliedVariables.Refused(
                $"its variables cannot be read ({error.ErrorCode}), and writing would lose them; allow kms:Decrypt on its key"
            );
        }

        // What was read may be secret and is written back as it was: AWS's words about it may repeat it.
        var read = new SecretValues();
        foreach (var (_, value) in found.Environment?.Variables ?? [])
        {
            read.Add(value);
        }

        var differing = EndpointComparison.Differing(found.Environment?.Variables, wanted);
        if (differing.Count == 0)
        {
            return found.LastUpdateStatus == LastUpdateStatus.Failed
                    ? new AppliedVariables.Refused(
                        $"its last update failed: {found.LastUpdateStatusReasonCode}: "
                            + $"{read.Hide(found.LastUpdateStatusReason ?? "no reason")}"
                    )
                : alias is null ? new AppliedVariables.Done()
                : await MoveAlias(lambda, found, alias, wanted);
        }

        var merged = new Dictionary<string, string>(found.Environment?.Variables ?? []);
        foreach (var variable in differing)
        {
            merged[variable] = wanted[variable];
        }

        try
        {
            await lambda.UpdateFunctionConfigurationAsync(
                new UpdateFunctionConfigurationRequest
                {
                    FunctionName = name,
                    RevisionId = found.RevisionId,
                    Environment = new Amazon.Lambda.Model.Environment { Variables = merged },
                }
            );
            return new AppliedVariables.Written();
        }
        catch (Exception exception)
            when (exception is not (PreconditionFailedException or ResourceConflictException or InvalidParameterValueException))
        {
            var failure = Failure.Translate(exception, read);
            return failure.IsTransient ? throw failure : new AppliedVariables.Refused(failure.Message);
        }
        catch (Exception exception) when (exception is PreconditionFailedException or ResourceConflictException)
        {
            // Changed by someone else since it was read: read and merge again on the next try.
            return new AppliedVariables.Pending();
        }
        catch (InvalidParameterValueException exception)
        {
            return new AppliedVariables.Refused(read.Hide(exception.Message));
        }
    }

    /// <summary>
    /// Moves an alias to a version that has the variables: published versions do not change
    /// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html). Where <c>$LATEST</c> was published already, that
    /// version is found again.
    /// </summary>
    private static async Task<AppliedVariables> MoveAlias(
        IAmazonLambda lambda,
        GetFunctionConfigurationResponse latest,
        string alias,
        Dictionary<string, string> wanted
    )
    {
        var name = latest.FunctionName;
        try
        {
            var present = await lambda.GetAliasAsync(new GetAliasRequest { FunctionName = name, Name = alias });
            var weights = present.RoutingConfig?.AdditionalVersionWeights;
            var hasAll = true;
            foreach (var serving in (weights?.Keys ?? Enumerable.Empty<string>()).Prepend(present.FunctionVersion))
            {
                var served = await lambda.GetFunctionConfigurationAsync(
                    new GetFunctionConfigurationRequest { FunctionName = name, Qualifier = serving }
                );
                hasAll &= EndpointComparison.Differing(served.Environment?.Variables, wanted).Count == 0;
            }

            if (hasAll)
            {
                return new AppliedVariables.Done();
            }

            var version = await lambda.PublishVersionAsync(
                new PublishVersionRequest { FunctionName = name, RevisionId = latest.RevisionId }
            );
            if (version.State == State.Pending)
            {
                return new AppliedVariables.Pending();
            }

            await lambda.UpdateAliasAsync(
                new UpdateAliasRequest
                {
                    FunctionName = name,
                    Name = alias,
                    FunctionVersion = version.Version,
                    RevisionId = present.RevisionId,
                    RoutingConfig = weights is { Count: > 0 } ? new AliasRoutingConfiguration { AdditionalVersionWeights = [] } : null,
                }
            );
            return new AppliedVariables.Written();
        }
        catch (ResourceNotFoundException)
        {
            return new AppliedVariables.Refused($"it has no alias '{alias}'");
        }
        catch (Exception exception) when (exception is PreconditionFailedException or ResourceConflictException)
        {
            return new AppliedVariables.Pending();
        }
    }
}
