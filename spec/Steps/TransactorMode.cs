namespace Deployer.Spec.Steps;

/// <summary>How many transactors run.</summary>
public enum TransactorMode
{
    /// <summary>An active transactor and a standby that takes over.</summary>
    Pair,

    /// <summary>One transactor: each replacement is a time without writes.</summary>
    Single,
}

/// <summary>The names of modes in deployer.yaml.</summary>
public static class TransactorModes
{
    /// <summary>The modes, in words.</summary>
    internal const string Expectation = "pair or single";

    /// <summary>The mode of a name, or <see langword="null"/> when none has it.</summary>
    public static TransactorMode? Find(string name) =>
        name switch
        {
            "pair" => TransactorMode.Pair,
            "single" => TransactorMode.Single,
            _ => null,
        };
}
