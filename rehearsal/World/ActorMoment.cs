namespace Deployer.Rehearsal.World;

/// <summary>A moment of an actor. It is not stored: no actor outlives the process.</summary>
internal sealed record ActorMoment(DateTimeOffset At, Actor Actor, long Number, ActorMomentKind Kind)
{
    /// <summary>By time; equal times by actor and number.</summary>
    internal static readonly IComparer<ActorMoment> Order = Comparer<ActorMoment>.Create(
        (one, two) =>
        {
            var order = one.At.CompareTo(two.At);
            order = order != 0 ? order : string.CompareOrdinal(one.Actor.Name, two.Actor.Name);
            order = order != 0 ? order : one.Number.CompareTo(two.Number);
            return order != 0 ? order : one.Kind.CompareTo(two.Kind);
        }
    );
}

/// <summary>What comes at an actor's moment.</summary>
internal enum ActorMomentKind
{
    /// <summary>What the actor does takes effect: its request arrives, or it ends.</summary>
    Act,

    /// <summary>The answer to its request is there.</summary>
    Answer,

    /// <summary>Its client waits no longer for the answer.</summary>
    ClientTimeout,

    /// <summary>Its time is over.</summary>
    Limit,
}
