namespace Deployer.Spec.Shapes;

/// <summary>What several keys of deployer.yaml have in common, and how much of each there may be.</summary>
internal static class SpecShapes
{
    /// <summary>The most steps of a service: more are two services.</summary>
    public const int MostSteps = 100;

    /// <summary>The most targets of a service.</summary>
    public const int MostTargets = 50;

    public static readonly TextShape Expression = new(
        "A text with references such as ${target}, ${service}, ${steps.NAME.outputs.OUTPUT}."
    );

    public static readonly TextShape ParameterValue = new("The value, which may hold references.", Expected: "a text") { AnyScalar = true };

    public static readonly Key After = new(
        "after",
        new ListShape("Steps, of any kind, that have to be done before this one.", new TextShape("A step."))
    );

    public static readonly TextShape ServiceName = new(
        "The name of the service: part of keys, lock names and addresses.",
        "[a-z][a-z0-9-]{0,39}",
        "1 to 40 lower-case letters, digits and hyphens, beginning with a letter"
    );

    public static readonly TextShape TargetName = new(
        "The name of a target.",
        "[a-z][a-z0-9-]{0,19}",
        "1 to 20 lower-case letters, digits and hyphens, beginning with a letter"
    );

    public static readonly TextShape StepName = new(
        "The name of a step.",
        "[A-Za-z][A-Za-z0-9_-]{0,63}",
        "1 to 64 letters, digits, hyphens and underscores, beginning with a letter"
    );

    public static readonly TextShape ValueName = new(
        "The name of a value, used as ${NAME}.",
        "[A-Za-z][A-Za-z0-9_-]*",
        "letters, digits, hyphens and underscores, beginning with a letter"
    );

    public static readonly TextShape InstanceName = new(
        "The name of a development instance.",
        "[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?",
        "1 to 20 lower-case letters, digits and hyphens, not at its ends"
    );
}
