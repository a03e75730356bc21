using System.Globalization;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <content>Functions over time, in ISO 8601 and milliseconds since 1970.</content>
internal static partial class JsonataFunctions
{
    private static IEnumerable<(string, int, Func<IReadOnlyList<object?>, object?, object?>)> Times(JsonataClock clock)
    {
        yield return ("now", 0, (a, _) => WithoutPicture(a, 0, "now", () => StateData.Timestamp(clock.Now)));
        yield return ("millis", 0, (_, _) => (double)clock.Now.ToUnixTimeMilliseconds());
        yield return (
            "toMillis",
            1,
            (a, c) =>
                Subject(a, c) is { } text
                    ? WithoutPicture(a, 1, "toMillis", () => (double)Instant(String(text, "toMillis")).ToUnixTimeMilliseconds())
                    : null
        );
        yield return (
            "fromMillis",
            1,
            (a, c) =>
                Subject(a, c) is { } millis
                    ? WithoutPicture(
                        a,
                        1,
                        "fromMillis",
                        () => StateData.Timestamp(DateTimeOffset.FromUnixTimeMilliseconds((long)Number(millis, "fromMillis")))
                    )
                    : null
        );
    }

    private static object? WithoutPicture(IReadOnlyList<object?> arguments, int at, string function, Func<object> call) =>
        At(arguments, at) is null
            ? call()
            : throw new JsonataException("T1006", $"The rehearsal does not simulate a picture for the function ${function}");

    private static DateTimeOffset Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? instant
            : throw new JsonataException(
                "D3110",
                $"The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given \"{text}\""
            );
}
