using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>The pages of Step Functions' lists. Source:
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html (100 by default, at most 1000).</summary>
internal static class ListPages
{
    private const int Default = 100;
    private const int Most = 1000;

    /// <summary>One page, and the token of the next one; null on the last.</summary>
    /// <exception cref="ApiException">InvalidToken, ValidationException.</exception>
    public static (List<T> Items, string? Next) Cut<T>(IEnumerable<T> all, int? size, string? token)
    {
        if (size is < 0 or > Most)
        {
            throw new ApiException(
                "ValidationException",
                $"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member must have value "
                    + $"less than or equal to {Most}"
            );
        }

        return Pages.ByPlace(
            all,
            token,
            size is null or 0 ? Default : size.Value,
            () => new ApiException("InvalidToken", "Invalid Token: 'Invalid token'")
        );
    }
}
