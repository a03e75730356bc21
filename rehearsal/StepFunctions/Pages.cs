using System.Globalization;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>Cuts a list into pages, as the list operations answer them. Source:
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html (100 by default, at most 1000).</summary>
internal static class Pages
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

        var from = 0;
        if (token is not null && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out from))
        {
            throw new ApiException("InvalidToken", "Invalid Token: 'Invalid token'");
        }

        var length = size is null or 0 ? Default : size.Value;
        var items = all.Skip(from).Take(length + 1).ToList();
        if (items.Count <= length)
        {
            return (items, null);
        }

        items.RemoveAt(length);
        return (items, (from + length).ToString(CultureInfo.InvariantCulture));
    }
}
