using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Support;

/// <summary>What is not simulated of the types with a model of their own. One table for <c>validate --rehearsal</c>, for change sets and
/// for the resources themselves; a test tries every property of every type.</summary>
/// <remarks>Properties of which nothing could be seen in a rehearsal (encryption, logging, descriptions…) are taken and have no
/// effect.</remarks>
internal static class SimulatedProperties
{
    private static readonly FrozenDictionary<string, Limit[]> ByType = new Dictionary<string, Limit[]>
    {
        ["AWS::AutoScaling::AutoScalingGroup"] =
        [
            Without("InstanceId"),
            Without("LaunchConfigurationName"),
            Without("MixedInstancesPolicy"),
            new Needed("LaunchTemplate"),
        ],
        ["AWS::CodeBuild::Project"] =
        [
            new Values("Artifacts.Type", "S3", "NO_ARTIFACTS"),
            Without("Artifacts.ArtifactIdentifier"),
            Without("AutoRetryLimit"),
            Without("BadgeEnabled"),
            Without("BuildBatchConfig"),
            Without("Cache"),
            Without("ConcurrentBuildLimit"),
            Without("EncryptionKey"),
            Without("FileSystemLocations"),
            Without("ResourceAccessRole"),
            Without("SecondaryArtifacts"),
            Without("SecondarySourceVersions"),
            Without("SecondarySources"),
            Without("Source.BuildStatusConfig"),
            Without("Source.GitSubmodulesConfig"),
            Without("Source.SourceIdentifier"),
            new Values("Source.Type", "S3", "GITHUB", "GITLAB", "BITBUCKET", "NO_SOURCE"),
            Without("Triggers"),
            Without("Visibility"),
            Without("VpcConfig"),
        ],
        ["AWS::CodeDeploy::Application"] = [new Values("ComputePlatform", "Server")],
        ["AWS::CodeDeploy::DeploymentGroup"] =
        [
            Without("BlueGreenDeploymentConfiguration"),
            new Values("DeploymentConfigName", "CodeDeployDefault.OneAtATime"),
            new Values("DeploymentStyle.DeploymentType", "IN_PLACE"),
            Without("ECSServices"),
            Without("Ec2TagFilters"),
            Without("Ec2TagSet"),
            Without("OnPremisesInstanceTagFilters"),
            Without("OnPremisesTagSet"),
        ],
        ["AWS::CodePipeline::Pipeline"] =
        [
            Without("ArtifactStores"),
            Without("DisableInboundStageTransitions"),
            new Values("Stages.Actions.ActionTypeId.Category", "Source", "Approval", "Invoke"),
            new Values("Stages.Actions.ActionTypeId.Provider", "CodeStarSourceConnection", "S3", "Manual", "Lambda", "StepFunctions"),
            Without("Stages.Actions.Commands"),
            Without("Stages.Actions.EnvironmentVariables"),
            Without("Stages.Actions.OutputVariables"),
            Without("Stages.BeforeEntry"),
            Without("Stages.Blockers"),
            Without("Stages.OnFailure.Conditions"),
            new Values("Stages.OnFailure.Result", "FAIL", "RETRY", "ROLLBACK"),
            Without("Stages.OnSuccess"),
        ],
        ["AWS::DynamoDB::Table"] =
        [
            Without("ImportSourceSpecification"),
            Without("KinesisStreamSpecification"),
            Without("LocalSecondaryIndexes"),
            Without("ResourcePolicy"),
            Without("StreamSpecification"),
            Without("VectorIndexes"),
        ],
        ["AWS::ECS::Cluster"] = [Without("ServiceConnectDefaults")],
        ["AWS::ECS::Service"] =
        [
            new Values("CapacityProviderStrategy.CapacityProvider", "FARGATE", "FARGATE_SPOT"),
            Without("DeploymentConfiguration.BakeTimeInMinutes"),
            Without("DeploymentConfiguration.CanaryConfiguration"),
            Without("DeploymentConfiguration.DeploymentCircuitBreaker.ThresholdConfiguration"),
            Without("DeploymentConfiguration.EarlySuccessCriteria"),
            Without("DeploymentConfiguration.LifecycleHooks"),
            Without("DeploymentConfiguration.LinearConfiguration"),
            new Values("DeploymentConfiguration.Strategy", "ROLLING"),
            new Values("DeploymentController.Type", "ECS", "CODE_DEPLOY", "EXTERNAL"),
            Without("ForceNewDeployment"),
            new Values("LaunchType", "FARGATE"),
            // The default of a cluster that has no strategy is EC2. One of the controller EXTERNAL has both in its task sets.
            new Needed("LaunchType", "CapacityProviderStrategy", ("DeploymentController.Type", "EXTERNAL")),
            new Needed("TaskDefinition", Except: ("DeploymentController.Type", "EXTERNAL")),
            Without("Monitoring"),
            Without("PlacementConstraints"),
            Without("PlacementStrategies"),
            Without("Role"),
            new Values("SchedulingStrategy", "REPLICA"),
            Without("ServiceConnectConfiguration"),
            Without("ServiceRegistries"),
            Without("VolumeConfigurations"),
            Without("VpcLatticeConfigurations"),
        ],
        ["AWS::ECS::TaskDefinition"] =
        [
            Without("EnableFaultInjection"),
            Without("InferenceAccelerators"),
            Without("IpcMode"),
            Without("PidMode"),
            Without("PlacementConstraints"),
            Without("ProxyConfiguration"),
        ],
        ["AWS::Events::EventBus"] =
        [
            Without("DeadLetterConfig"),
            Without("EventSourceName"),
            Without("KmsKeyIdentifier"),
            Without("LogConfig"),
            Without("Policy"),
        ],
        ["AWS::Events::EventBusPolicy"] = [Without("Action"), Without("Condition"), Without("Principal")],
        ["AWS::Events::Rule"] = [new Values("State", "ENABLED", "DISABLED"), Without("Targets.EcsParameters")],
        ["AWS::IAM::ManagedPolicy"] = [Without("Groups"), Without("Users")],
        ["AWS::IAM::Policy"] = [Without("Groups"), Without("Users")],
        ["AWS::Lambda::EventInvokeConfig"] = [Without("DestinationConfig.OnSuccess")],
        ["AWS::Lambda::Function"] =
        [
            Without("CapacityProviderConfig"),
            Without("CodeSigningConfigArn"),
            Without("DeadLetterConfig"),
            Without("DurableConfig"),
            Without("FileSystemConfigs"),
            Without("FunctionScalingConfig"),
            Without("ImageConfig"),
            Without("PublishToLatestPublished"),
            Without("RecursiveLoop"),
            Without("RuntimeManagementConfig"),
            new Values("SnapStart.ApplyOn", "None"),
            Without("TenancyConfig"),
        ],
        ["AWS::Lambda::Permission"] = [Without("EventSourceToken"), Without("FunctionUrlAuthType"), Without("InvokedViaFunctionUrl")],
        ["AWS::Logs::LogGroup"] =
        [
            Without("BearerTokenAuthenticationEnabled"),
            Without("DataProtectionPolicy"),
            Without("DeletionProtectionEnabled"),
            Without("FieldIndexPolicies"),
            new Values("LogGroupClass", "STANDARD"),
            Without("ResourcePolicyDocument"),
        ],
        ["AWS::S3::Bucket"] =
        [
            Without("AbacStatus"),
            Without("AccessControl"),
            Without("BucketNamePrefix"),
            Without("BucketNamespace"),
            Without("MetadataConfiguration"),
            Without("MetadataTableConfiguration"),
            Without("NotificationConfiguration"),
            Without("ObjectLockConfiguration"),
            Without("ObjectLockEnabled"),
            Without("ReplicationConfiguration"),
            Without("WebsiteConfiguration"),
        ],
        ["AWS::SSM::Parameter"] =
        [
            Without("AllowedPattern"),
            new Values("DataType", "text"),
            Without("Policies"),
            new Values("Tier", "Standard"),
        ],
        ["AWS::StepFunctions::StateMachine"] = [new Values("StateMachineType", "STANDARD")],
    }.ToFrozenDictionary();

    /// <summary>What is not simulated of a type; nothing for a type without a model of its own.</summary>
    public static IReadOnlyList<string> Limits(string type) => [.. ByType.GetValueOrDefault(type, []).Select(limit => limit.ToString())];

    /// <summary>What of a resource's properties is not simulated, with its path. What only a function gives is not judged.</summary>
    public static IEnumerable<(IReadOnlyList<string> Path, Limitation Limitation)> Refused(string type, JsonObject properties) =>
        ByType.GetValueOrDefault(type, []).SelectMany(limit => limit.Refused(type, properties));

    /// <exception cref="TemplateException">A resource asks for what is not simulated, in the rehearsal's words.</exception>
    public static void Check(string type, JsonObject properties)
    {
        var refused = Refused(type, properties).Select(one => one.Limitation.ToString()).ToList();
        if (refused.Count > 0)
        {
            throw new TemplateException(string.Join('\n', refused));
        }
    }

    private static Unsupported Without(string path) => new(path);

    /// <summary>Something of a property that is not simulated.</summary>
    /// <param name="Property">Its name, or names separated by dots; lists are left out.</param>
    private abstract record Limit(string Property)
    {
        public abstract IEnumerable<(IReadOnlyList<string> Path, Limitation Limitation)> Refused(string type, JsonObject properties);

        protected IEnumerable<(IReadOnlyList<string> Path, JsonNode Value)> Given(JsonObject properties) => Given(properties, Property);

        protected static IEnumerable<(IReadOnlyList<string> Path, JsonNode Value)> Given(JsonObject properties, string property) =>
            Given(properties, property.Split('.'), []);

        // A function may give anything, AWS::NoValue too.
        private static IEnumerable<(IReadOnlyList<string> Path, JsonNode Value)> Given(
            JsonNode? value,
            ReadOnlyMemory<string> names,
            IReadOnlyList<string> path
        ) =>
            value.IsCall(out _, out _)
                ? []
                : value switch
                {
                    // A list has its items whatever they are, unless a condition or AWS::NoValue may leave them out.
                    JsonArray items when names.IsEmpty && items.Any(IsItem) => [(path, items)],
                    JsonArray items => items.SelectMany((item, place) => Given(item, names, [.. path, $"{place}"])),
                    not null when names.IsEmpty => [(path, value)],
                    JsonObject map => Given(map[names.Span[0]], names[1..], [.. path, names.Span[0]]),
                    _ => [],
                };
    }

    private static bool IsItem(JsonNode? item) =>
        item.IsCall(out var name, out var argument) && name != "Fn::If" && argument.Text() != "AWS::NoValue";

    /// <summary>A property that is not simulated.</summary>
    private sealed record Unsupported(string Property) : Limit(Property)
    {
        public override IEnumerable<(IReadOnlyList<string> Path, Limitation Limitation)> Refused(string type, JsonObject properties) =>
            Given(properties).Take(1).Select(given => (given.Path, UnsupportedFeatures.Property(type, Property)));

        public override string ToString() => $"without {Property}";
    }

    /// <summary>A property of which only some values are simulated.</summary>
    private sealed record Values(string Property, params string[] Simulated) : Limit(Property)
    {
        public override IEnumerable<(IReadOnlyList<string> Path, Limitation Limitation)> Refused(string type, JsonObject properties) =>
            Given(properties)
                .Where(given => given.Value.Text() is { } text && !Simulated.Contains(text, StringComparer.OrdinalIgnoreCase))
                .Select(given =>
                    (given.Path, UnsupportedFeatures.PropertyValue(type, Property, given.Value.Text()!, string.Join(" or ", Simulated)))
                );

        public override string ToString() => $"{Property} {string.Join(" or ", Simulated)}";
    }

    /// <summary>A property whose default is not simulated.</summary>
    /// <param name="Property">Its name.</param>
    /// <param name="Instead">One that may stand in its place.</param>
    /// <param name="Except">A property, and its value with which neither is needed.</param>
    private sealed record Needed(string Property, string? Instead = null, (string Property, string Value)? Except = null) : Limit(Property)
    {
        public override IEnumerable<(IReadOnlyList<string> Path, Limitation Limitation)> Refused(string type, JsonObject properties) =>
            properties.ContainsKey(Property)
            || (Instead is not null && properties.ContainsKey(Instead))
            || (Except is { } except && Given(properties, except.Property).Any(given => given.Value.Text() == except.Value))
            || properties.Any(member => member.Key.StartsWith("Fn::", StringComparison.Ordinal))
                ? []
                : [([], UnsupportedFeatures.PropertyMissing(type, Property, Instead))];

        public override string ToString() =>
            $"with {Property}"
            + (Instead is null ? string.Empty : $" or {Instead}")
            + (Except is { } except ? $" unless {except.Property} is {except.Value}" : string.Empty);
    }
}
