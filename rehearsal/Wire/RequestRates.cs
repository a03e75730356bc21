using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>
/// Refuses the requests of those who act that go beyond the rate which a service answers to an account in a region. Of Lambda: 15 a
/// second, all operations together, but for invocations, <c>GetFunction</c> and <c>GetPolicy</c>, which have rates of their own.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html ("remainder of control plane API requests"). That a second is
/// the last one before the request, and that a refused request does not count, is not documented.
/// </remarks>
internal sealed class RequestRates(RehearsalWorld world)
{
    private const int LambdaRequests = 15;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Account, string Region), Queue<DateTimeOffset>> _answered = [];
    private string? _counted;

    /// <summary>Counts a request, or refuses it.</summary>
    /// <exception cref="ApiException">There were too many in the last second.</exception>
    public void Count(Call call)
    {
        // A call may be judged more than once.
        if (
            call.Service != "lambda"
            || call.ActorKey is null
            || call.RequestId == _counted
            || call.Operation is "Invoke" or "InvokeAsync" or "GetFunction" or "GetPolicy"
        )
        {
            return;
        }

        if (!_answered.TryGetValue((call.Account, call.Region), out var answered))
        {
            _answered[(call.Account, call.Region)] = answered = new Queue<DateTimeOffset>();
        }

        while (answered.TryPeek(out var first) && first <= world.Now - Second)
        {
            answered.Dequeue();
        }

        if (answered.Count == LambdaRequests)
        {
            throw new ApiException("TooManyRequestsException", "Rate exceeded", 429);
        }

        answered.Enqueue(world.Now);
        _counted = call.RequestId;
    }
}
