using Deployer.Spec.Steps;

namespace Deployer.Spec.Shapes;

/// <summary>The keys of deployer.yaml.</summary>
internal static class SpecShapes
{
    /// <summary>The most steps of a service: more are two services.</summary>
    public const int MostSteps = 100;

    /// <summary>The most targets of a service.</summary>
    public const int MostTargets = 50;

    private static readonly TextShape Expression = new(
        "A text with references such as ${target}, ${service}, ${steps.NAME.outputs.OUTPUT}."
    );

    private static readonly TextShape ParameterValue = new("The value, which may hold references.", Expected: "a text")
    {
        AnyScalar = true,
    };

    private static readonly Key After = new(
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
                    "The repository's https address, without credentials.",
                    @"https://[^\s@]+",
                    "an https:// address without credentials"
                ),
                Required: true
            ),
            new(
                "connection",
                new TextShape(
                    "The ARN of the CodeConnections connection that reads it.",
                    @"arn:aws[a-z-]*:(codeconnections|codestar-connections):\S+",
                    "the ARN of a CodeConnections connection"
                )
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

    private static readonly ObjectShape Stack = new(
        "A CloudFormation stack.",
        [
            new("stack", Expression with { Meaning = "The stack's name; references to the target's values are allowed." }, Required: true),
            new(
                "kind",
                new TextShape("Which of Datomic's rules hold for the stack; plain when left out.")
                {
                    Choices = [.. StackKinds.All.Select(StackKinds.Name)],
                }
            ),
            new(
                "template",
                Expression with
                {
                    Meaning = "A file in the service's folder, or the https address of a template in S3.",
                },
                Required: true
            ),
            new(
                "parameters",
                new MapShape(
                    "Parameters by name; those not named keep their value.",
                    new TextShape("A parameter.", "[A-Za-z0-9]{1,255}", "letters and digits"),
                    ParameterValue
                )
            ),
            new(
                "tags",
                new MapShape(
                    "Tags of the stack and what it makes.",
                    new TextShape("A tag.", @"(?!aws:).{1,128}", "1 to 128 characters, not beginning with aws:"),
                    ParameterValue
                )
            ),
            new("publish", Expression with { Meaning = "The path of SSM parameters to which the outputs are also written." }),
            new(
                "capabilities",
                new ListShape(
                    "Capabilities that are granted: what nested templates at an address need, and the most that the templates may need.",
                    new TextShape("A capability.") { Choices = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"] }
                )
            ),
            After,
        ]
    );

    private static readonly TextShape Window = new(
        "How long the revision is watched once it is live, in minutes.",
        "[1-9][0-9]{0,2}m",
        "minutes such as 5m"
    );

    private static readonly ObjectShape Ions = new(
        "Ions pushed and deployed to a compute group.",
        [
            new("ions", new TextShape("The folder with deps.edn, relative to this file."), Required: true),
            new("group", Expression with { Meaning = "The compute group to deploy to." }, Required: true),
            new(
                "ionDev",
                new TextShape(
                    "The version of ion-dev that pushes and deploys, where deps.edn has no alias :ion-dev.",
                    @"[0-9]+\.[0-9]+\.[0-9]+",
                    "a version such as 1.0.352"
                )
            ),
            new(
                "allowConflicts",
                new ListShape(
                    "Libraries that may conflict with Datomic's own.",
                    new TextShape(
                        "A library.",
                        @"[A-Za-z0-9_.*+!?$%&=<>-]+(/[A-Za-z0-9_.*+!?$%&=<>-]+)?",
                        "a library such as org.clojure/tools.reader"
                    )
                )
            ),
            new(
                "allowUnpromoted",
                new BooleanShape(
                    "Whether a revision may be deployed that was never released in the stage before, where the deployer promotes from one."
                )
            ),
            new(
                "bake",
                new ShortShape(
                    Window,
                    new ObjectShape(
                        "How the revision is watched once it is live: alerts in Datomic's log, nodes short of memory and requests that are turned away fail the deployment.",
                        [
                            new("for", Window, Required: true),
                            new(
                                "freeMemory",
                                new TextShape(
                                    "The part of the free memory after its start below which a node is short of it, for three minutes on end; 15% when left out, 0% for never.",
                                    "[0-9]{1,2}%",
                                    "a percentage such as 15%"
                                )
                            ),
                            new(
                                "throttled",
                                new TextShape(
                                    "How many requests may be turned away because the nodes are busy; 0 when left out.",
                                    "[0-9]{1,9}",
                                    "a number of requests"
                                )
                                {
                                    AnyScalar = true,
                                }
                            ),
                        ]
                    )
                )
            ),
            After,
        ]
    );

    private static readonly ObjectShape Functions = new(
        "Lambda functions of the target, by name or by tag.",
        [
            new("names", new ListShape("Names, in which * stands for any characters and ? for one.", Expression) { NotEmpty = true }),
            new(
                "tags",
                new MapShape(
                    "Tags that a function has to have.",
                    new TextShape("A tag.", ".{1,128}", "1 to 128 characters"),
                    ParameterValue
                )
                {
                    NotEmpty = true,
                }
            ),
        ]
    )
    {
        NotEmpty = true,
    };

    private static readonly ObjectShape Endpoint = new(
        "The address of Datomic, injected into the environment of Lambda functions.",
        [
            new(
                "endpoint",
                Expression with
                {
                    Meaning = "The interface endpoint's id (vpc-endpoint), the gateway's host (gateway) or the system (zone).",
                },
                Required: true
            ),
            new(
                "via",
                new TextShape("How the functions reach Datomic; gateway and zone are not supported yet.")
                {
                    Choices = [.. EndpointRoutes.All.Select(EndpointRoutes.Name)],
                },
                Required: true
            ),
            new("functions", Functions, Required: true),
            new(
                "variables",
                new MapShape(
                    "Environment variables to set; ${dns} is the endpoint's DNS name.",
                    new TextShape(
                        "A variable.",
                        "[a-zA-Z][a-zA-Z0-9_]+",
                        "2 or more letters, digits and underscores, beginning with a letter"
                    ),
                    ParameterValue
                )
                {
                    NotEmpty = true,
                    Refused = LambdaVariables.Reserved,
                    RefusedBecause = "is reserved by Lambda",
                },
                Required: true
            ),
            After,
        ]
    );

    private static readonly ObjectShape Service = new(
        "An ECS service, rolled to new images. Not supported yet.",
        [
            new("service", Expression with { Meaning = "The ECS service's name." }, Required: true),
            new("cluster", Expression with { Meaning = "The ECS cluster." }, Required: true),
            new(
                "images",
                new MapShape(
                    "The image of each container.",
                    new TextShape("A container.", "[A-Za-z0-9_-]{1,255}", "letters, digits, hyphens and underscores"),
                    Expression with
                    {
                        Meaning = "The image with its tag or digest.",
                    }
                )
                {
                    NotEmpty = true,
                },
                Required: true
            ),
            After,
        ]
    );

    private static readonly ObjectShape Transactor = new(
        "A pair of Datomic Pro transactors on Fargate, replaced without a write gap beyond failover. Not supported yet.",
        [
            new("transactor", Expression with { Meaning = "The ECS service's name." }, Required: true),
            new("cluster", Expression with { Meaning = "The ECS cluster." }, Required: true),
            new("image", Expression with { Meaning = "The transactor's image with its tag or digest." }, Required: true),
            new(
                "version",
                new TextShape("The version of Datomic Pro in the image.", @"[0-9]+\.[0-9]+\.[0-9]+", "a version such as 1.0.7277"),
                Required: true
            ),
            After,
        ]
    );

    /// <summary>One step.</summary>
    public static readonly KindsShape Step = new(
        "A step: the key that it has tells its kind.",
        [Stack, Ions, Endpoint, Service, Transactor]
    );

    /// <summary>The whole file.</summary>
    public static readonly ObjectShape File = new(
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
                new MapShape("What is done, as a graph: the order comes from after and from references.", StepName, Step)
                {
                    NotEmpty = true,
                    Most = MostSteps,
                },
                Required: true
            ),
        ]
    );
}
