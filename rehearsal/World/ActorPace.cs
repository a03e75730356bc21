using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Deployer.Rehearsal.World;

/// <summary>How long an actor's acts take in simulated time. Each is drawn from a stream of its own, never from the world's.</summary>
/// <param name="Start">From its start until its first act.</param>
/// <param name="Arrival">From an answer until its next act: what it computes, and a request's way.</param>
/// <param name="Answer">From a request's effect until its answer is there.</param>
public sealed record ActorPace(
    Func<SeededRandom, TimeSpan> Start,
    Func<SeededRandom, TimeSpan> Arrival,
    Func<SeededRandom, TimeSpan> Answer
)
{
    private const int LateAnswers = 32;

    /// <summary>Everything at once: for work of the world's own that is only done outside its thread.</summary>
    public static readonly ActorPace Immediate = new(_ => TimeSpan.Zero, _ => TimeSpan.Zero, _ => TimeSpan.Zero);

    /// <summary>An invocation of a function.</summary>
    public static readonly ActorPace Invocation = new(Durations.InvocationStart.Draw, Durations.RequestArrival.Draw, DrawAnswer);

    /// <summary>A request of a client from outside.</summary>
    public static readonly ActorPace Client = new(Durations.RequestArrival.Draw, _ => TimeSpan.Zero, Durations.RequestAnswer.Draw);

    /// <summary>A build: mostly the start of a JVM between one request and the next.</summary>
    public static readonly ActorPace Build = new(Durations.BuildSource.Draw, Durations.BuildRequest.Draw, DrawAnswer);

    /// <summary>Mostly at once, and now and then so late that the events of what was asked for are there before.</summary>
    private static TimeSpan DrawAnswer(SeededRandom random) =>
        (random.OneIn(LateAnswers) ? Durations.LateAnswer : Durations.RequestAnswer).Draw(random);

    /// <summary>The stream of one act: the same for the same seed, actor and number, whatever else happens.</summary>
    /// <param name="seed">The rehearsal's seed.</param>
    /// <param name="actor">The actor's name.</param>
    /// <param name="number">The number of its request.</param>
    public static SeededRandom Stream(ulong seed, string actor, long number) =>
        new(
            BinaryPrimitives.ReadUInt64LittleEndian(
                SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{actor}/{number}")))
            )
        );
}
