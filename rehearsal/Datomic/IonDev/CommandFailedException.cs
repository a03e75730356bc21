using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>What makes ion-dev print <c>:command-failed</c>: a cause with its Java class and data.</summary>
internal sealed class CommandFailedException(string message, string @class = "ExceptionInfo", EdnMap? data = null) : Exception(message)
{
    /// <summary>The cause as ion-dev prints it.</summary>
    public EdnMap Cause { get; } =
        new([
            new(new Keyword("message"), message),
            new(new Keyword("class"), new Symbol(@class)),
            .. data is null ? Array.Empty<KeyValuePair<object, object?>>() : [new(new Keyword("data"), data)],
        ]);
}
