using Deployer.Spec.Kinds;
using Deployer.Spec.Shapes;

namespace Deployer.Spec.Reading;

/// <summary>The keys of the whole of deployer.yaml.</summary>
internal static class FileShape
{
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
                    // The templates grant the actions of this prefix, and "the service prefix needs to match that of the resource":
                    // https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html
                    @"arn:aws[a-z-]*:codeconnections:\S+",
                    "the ARN of a CodeConnections connection, arn:aws:codeconnections:...; in the place of an older one, "
                        + "arn:aws:codestar-connections:..., a new connection has to be made"
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
                    SpecShapes.ValueName,
                    new TextShape("The value.", Expected: "a text") { AnyScalar = true }
                )
                {
                    Refused = ["target", "service", "dns", "steps"],
                    RefusedBecause = "is a reference of its own",
                }
            ),
            new(
                "approval",
                new FlagOrMapShape(
                    new BooleanShape("Whether a person has to approve what a deployment to this target would do."),
                    new ObjectShape(
                        "Which plans a person has to approve, and how long an approval holds.",
                        [
                            new(
                                "for",
                                new ListShape(
                                    "What a plan has to have so that it needs an approval; every change when not given.",
                                    new TextShape("A kind of change.") { Choices = ApprovalReasons.Names }
                                )
                                {
                                    NotEmpty = true,
                                }
                            ),
                            new(
                                "expireAfter",
                                new TextShape(
                                    "How long an approval holds; 24h when not given.",
                                    "[1-9][0-9]{0,2}h|1[0-9]{3}h|20[0-9]{2}h|21[0-5][0-9]h|2160h|[1-8]?[1-9]d|[1-9]0d",
                                    "hours or days such as 72h or 7d, at most 90d: plans are kept no longer"
                                )
                            ),
                        ]
                    )
                    {
                        NotEmpty = true,
                    }
                )
            ),
            new(
                "drift",
                new TextShape("What a deployment does where resources of its stacks were changed by hand; nobody looks when not given.")
                {
                    Choices = DriftReactions.Names,
                }
            ),
            new(
                "notifications",
                new ListShape(
                    "Which notifications are sent: "
                        + $"{string.Join(", ", NotificationKinds.Usual.Select(kind => kind.Text()))} when not given; nothing when empty.",
                    new TextShape("A kind of notification.") { Choices = NotificationKinds.Names }
                )
            ),
            new(
                "onStackChange",
                new TextShape("What happens when others than the deployer have changed what it deployed here; notify when not given.")
                {
                    Choices = StackChangePolicies.Names,
                }
            ),
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

    /// <summary>The shape.</summary>
    /// <param name="kinds">The kinds of step that it may have.</param>
    public static ObjectShape With(StepKinds kinds) =>
        new(
            "How a service is deployed.",
            [
                new("service", SpecShapes.ServiceName, Required: true),
                new("repository", Repository),
                new(
                    "targets",
                    new MapShape("Where the service is deployed.", SpecShapes.TargetName, Target)
                    {
                        NotEmpty = true,
                        Most = SpecShapes.MostTargets,
                    },
                    Required: true
                ),
                new(
                    "steps",
                    new MapShape(
                        "What is done, as a graph: the order comes from after and from references.",
                        SpecShapes.StepName,
                        Step(kinds)
                    )
                    {
                        NotEmpty = true,
                        Most = SpecShapes.MostSteps,
                    },
                    Required: true
                ),
            ]
        );

    private static KindsShape Step(StepKinds kinds) => new("A step: its key names its kind.", [.. kinds.All.Select(kind => kind.Shape)]);
}
