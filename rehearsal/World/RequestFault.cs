using System.Globalization;

namespace Deployer.Rehearsal.World;

/// <summary>How a request fails.</summary>
internal enum RequestFailure
{
    /// <summary>The service answers with a failure of its own.</summary>
    ServerError,

    /// <summary>There are too many requests.</summary>
    Throttled,

    /// <summary>The connection is lost, and nothing was done.</summary>
    LostBefore,

    /// <summary>What was asked for was done, and the connection is lost.</summary>
    LostAfter,
}

/// <summary>A fault that strikes requests of functions, builds and tasks of state machines.</summary>
/// <param name="Fault">The fault as it was asked for.</param>
/// <param name="Failure">How they fail.</param>
/// <param name="Service">The service's signing name.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Number">Which request of the operation, from 1; <see langword="null"/> for every one.</param>
internal sealed record RequestFault(Fault Fault, RequestFailure Failure, string Service, string Operation, int? Number)
{
    /// <summary>How such a fault names what it strikes.</summary>
    public const string Form = "SERVICE:OPERATION[:N]";

    private const string Every = "all";

    /// <summary>The fault as such a one; <see langword="null"/> for a fault of another kind.</summary>
    /// <exception cref="ArgumentException">It does not say what it strikes.</exception>
    public static RequestFault? Read(Fault fault)
    {
        RequestFailure? failure = fault.Name switch
        {
            "server-error" => RequestFailure.ServerError,
            "throttled" => RequestFailure.Throttled,
            "connection-lost-before" => RequestFailure.LostBefore,
            "connection-lost-after" => RequestFailure.LostAfter,
            _ => null,
        };
        return failure is null ? null
            : Target(fault.What?.Split(':') ?? []) is var (service, operation, number)
                ? new RequestFault(fault, failure.Value, service, operation, number)
            : throw new ArgumentException(
                (
                    fault.What?.Split(':') is [{ Length: > 0 }, { Length: > 0 }, var which]
                        ? $"the fault '{fault}' strikes request '{which}', which is neither a whole number from 1 nor '{Every}'; expected "
                        : $"the fault '{fault}' does not say what it strikes; expected "
                ) + $"{fault.Name}:{Form}, such as {fault.Name}:lambda:UpdateFunctionConfiguration:1",
                nameof(fault)
            );
    }

    private static (string Service, string Operation, int? Number)? Target(string[] parts) =>
        parts switch
        {
            [{ Length: > 0 } service, { Length: > 0 } operation] => (service, operation, 1),
            [{ Length: > 0 } service, { Length: > 0 } operation, Every] => (service, operation, null),
            [{ Length: > 0 } service, { Length: > 0 } operation, var text]
                when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => (
                service,
                operation,
                number
            ),
            _ => null,
        };
}
