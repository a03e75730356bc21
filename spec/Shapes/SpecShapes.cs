using Deployer.Spec.Kinds;

namespace Deployer.Spec.Shapes;

/// <summary>The keys of deployer.yaml.</summary>
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

    private static readonly ObjectShape Repository = new(
        "Where the source is, for a build from a full clone.",
        [
            new(
                "url",
                new TextShape(
                    "The repository's https address, without credentials, query or fragment.",
                    @"https://[^\s@?#]+",
                    "an https:// address without credentials, query or fragment"
                )
                {
                    IsConfidential = true,
                },
                Required: true
            ),
            new(
                "connection",
                new TextShape(
                    "The ARN of the CodeConnections connection that reads it.",
                    @"arn:aws[a-z-]*:(codeconnections|codestar-connections):\S+",
                    "the ARN of a CodeConnections connection"
                )
                {
                    IsConfidential = true,
                }
            ),
        ]
    );

    private static readonly ObjectShape Target = new(
        "An account and region to which the service is deployed.",
        [
            // Quoted, because YAML readers take an account that begins with 0 for another number.
            new("account", new TextShape("The AWS account.", "[0-9]{12}", "12 digits in quotes"), Required: true),
            new(
                "region",
                new TextShape("The AWS region.", "[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}", "a region such as us-east-1"),
                Required: true
            ),
            new(
                "role",
                new TextShape(
                    "The role to assume in the account: its name or ARN. Not supported yet.",
                    @"(arn:aws[a-z-]*:iam::[0-9]{12}:role/)?[A-Za-z0-9_+=,.@/-]+",
                    "the name or ARN of an IAM role"
                )
            ),
            new(
                "values",
                new MapShape(
                    "Values of this target, used as ${NAME}.",
                    ValueName,
                    new TextShape("The value.", Expected: "a text") { AnyScalar = true }
                )
                {
                    Refused = ["target", "service", "dns", "steps"],
                    RefusedBecause = "is a reference of its own",
                }
            ),
            new("approval", new BooleanShape("Whether a person has to approve a deployment to this target. true is not supported yet.")),
            new(
                "instances",
                new ObjectShape(
                    "Allows development instances of the service here, each with stacks and a group of its own.",
                    [
                        new(
                            "steps",
                            new ListShape("The steps that an instance has.", new TextShape("A step.")) { NotEmpty = true },
                            Required: true
                        ),
                        new(
                            "expireAfter",
                            new TextShape(
                                "How long after its last deployment an instance is removed.",
                                "[1-9][0-9]{0,2}[hd]",
                                "hours or days such as 72h or 7d"
                            ),
                            Required: true
                        ),
                    ]
                )
            ),
        ]
    );

    /// <summary>The whole file.</summary>
    /// <param name="kinds">The kinds of step that it may have.</param>
    public static ObjectShape File(StepKinds kinds) =>
        new(
            "How a service is deployed.",
            [
                new("service", ServiceName, Required: true),
                new("repository", Repository),
                new(
                    "targets",
                    new MapShape("Where the service is deployed.", TargetName, Target) { NotEmpty = true, Most = MostTargets },
                    Required: true
                ),
                new(
                    "steps",
                    new MapShape("What is done, as a graph: the order comes from after and from references.", StepName, Step(kinds))
                    {
                        NotEmpty = true,
                        Most = MostSteps,
                    },
                    Required: true
                ),
            ]
        );

    private static KindsShape Step(StepKinds kinds) => new("A step: its key names its kind.", [.. kinds.All.Select(kind => kind.Shape)]);
}
