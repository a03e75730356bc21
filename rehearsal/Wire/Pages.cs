using System.Globalization;

namespace Deployer.Rehearsal.Wire;

/// <summary>Cuts what a list operation answers with into pages.</summary>
internal static class Pages
{
    /// <summary>A page whose token is the place of its first item.</summary>
    /// <param name="all">The whole list.</param>
    /// <param name="token">The token of the request; <see langword="null"/> for the first page.</param>
    /// <param name="size">The most items of a page.</param>
    /// <param name="invalid">The service's refusal of a token that is none of its own.</param>
    /// <returns>The page and the token of the next one; <see langword="null"/> on the last.</returns>
    public static (List<T> Items, string? Next) ByPlace<T>(IEnumerable<T> all, string? token, int size, Func<Exception> invalid)
    {
        var start = 0;
        if (token is not null && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out start))
        {
            throw invalid();
        }

        var items = all.Skip(start).Take(size + 1).ToList();
        return items.Count > size ? (items[..size], (start + size).ToString(CultureInfo.InvariantCulture)) : (items, null);
    }

    /// <summary>A page of what is in order by <paramref name="position"/>; its token is the last position of the page before.</summary>
    /// <param name="all">The whole list.</param>
    /// <param name="position">An item's position, compared by its characters' numbers.</param>
    /// <param name="token">The token of the request; <see langword="null"/> for the first page.</param>
    /// <param name="size">The most items of a page.</param>
    /// <inheritdoc cref="ByPlace{T}"/>
    public static (List<T> Items, string? Next) ByPosition<T>(IEnumerable<T> all, Func<T, string> position, string? token, int size)
    {
        var rest = all.Where(item => token is null || string.CompareOrdinal(position(item), token) > 0).Take(size + 1).ToList();
        return rest.Count > size ? (rest[..size], position(rest[size - 1])) : (rest, null);
    }
}
