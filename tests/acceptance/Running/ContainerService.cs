using Amazon.ECS.Model;
using Deployer.Functions.Services;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>A copy of the example whose one step replaces the tasks of an ECS service that its accounts have.</summary>
internal static class ContainerService
{
    /// <summary>The name of the ECS service and of the family of its task definitions.</summary>
    public const string Name = "inventory-dev-web";

    /// <summary>The ECS cluster.</summary>
    public const string Cluster = "inventory-dev";

    /// <summary>The repository of its images.</summary>
    public const string Repository = "111111111111.dkr.ecr.us-east-1.amazonaws.com/inventory";

    /// <summary>A value of its environment that must not be seen anywhere.</summary>
    public const string Hidden = "kept-to-itself-9d1f";

    /// <summary>The step, indented by two; <c>image</c> is the commit's.</summary>
    public const string Step = """
          web:
            service: inventory-${target}-web
            cluster: inventory-${target}
            image: 111111111111.dkr.ecr.us-east-1.amazonaws.com/inventory:${revision}
        """;

    private const string Template = """
        Parameters:
          Target: { Type: String }
          DesiredCount: { Type: Number, Default: 2 }
        Resources:
          Cluster: { Type: AWS::ECS::Cluster, Properties: { ClusterName: !Sub "inventory-${Target}" } }
          Images: { Type: AWS::ECR::Repository, Properties: { RepositoryName: inventory } }
          Log: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Sub "/inventory/${Target}/web" } }
          ExecutionRole:
            Type: AWS::IAM::Role
            Properties:
              RoleName: !Sub inventory-${Target}-web-execution
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: sts:AssumeRole }]
              Policies:
                - PolicyName: start
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow
                        Action:
                          - ecr:GetAuthorizationToken
                        Resource: "*"
                      - Effect: Allow
                        Action: [ecr:BatchCheckLayerAvailability, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer]
                        Resource: !GetAtt Images.Arn
                      - Effect: Allow
                        Action: [logs:CreateLogStream, logs:PutLogEvents]
                        Resource: !Sub "arn:aws:logs:*:*:log-group:/inventory/${Target}/web:log-stream:*"
          TaskRole:
            Type: AWS::IAM::Role
            Properties:
              RoleName: !Sub inventory-${Target}-web-task
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement: [{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: sts:AssumeRole }]
          Definition:
            Type: AWS::ECS::TaskDefinition
            Properties:
              Family: !Sub inventory-${Target}-web
              RequiresCompatibilities: [FARGATE]
              NetworkMode: awsvpc
              Cpu: "512"
              Memory: "1024"
              ExecutionRoleArn: !GetAtt ExecutionRole.Arn
              TaskRoleArn: !GetAtt TaskRole.Arn
              Tags: [{ Key: team, Value: shop }]
              ContainerDefinitions:
                - Name: web
                  Image: !Sub "${Images.RepositoryUri}:first"
                  Essential: true
                  PortMappings: [{ ContainerPort: 8080 }]
                  Environment: [{ Name: PASSPHRASE, Value: kept-to-itself-9d1f }, { Name: LOG_LEVEL, Value: info }]
                  HealthCheck: { Command: [CMD, /app/healthy], Interval: 10, Retries: 2 }
                  LogConfiguration:
                    LogDriver: awslogs
                    Options: { awslogs-group: !Ref Log, awslogs-region: us-east-1, awslogs-stream-prefix: web }
          Service:
            Type: AWS::ECS::Service
            Properties:
              ServiceName: !Sub inventory-${Target}-web
              Cluster: !Ref Cluster
              TaskDefinition: !Ref Definition
              DesiredCount: !Ref DesiredCount
              LaunchType: FARGATE
              DeploymentConfiguration:
                DeploymentCircuitBreaker: { Enable: true, Rollback: true }
                Alarms: { AlarmNames: [errors], Enable: true, Rollback: true }
              NetworkConfiguration:
                AwsvpcConfiguration: { Subnets: [!ImportValue inventory-Subnet0, !ImportValue inventory-Subnet1] }

        """;

    private static readonly Lazy<Task<string>> Deployed = new(Deploy);

    /// <summary>Accounts of the caller's own in which the service was deployed once, and its folder with another commit to come.</summary>
    /// <param name="folder">The caller's folder.</param>
    public static async Task<(string State, string Service)> CopyDeployed(string folder)
    {
        var prepared = await Deployed.Value;
        Folders.Copy(prepared, folder);

        var service = Path.Combine(folder, "service");
        await AnotherCommit(service);
        return (Path.Combine(folder, "state"), service);
    }

    /// <summary>Changes a file of the service that none of its steps reads.</summary>
    public static Task AnotherCommit(string service) =>
        File.AppendAllTextAsync(Path.Combine(service, "stacks", "network.yaml"), "\n# another commit\n");

    /// <summary>What the service runs, in a line.</summary>
    public static async Task<string> Described(string service, string state)
    {
        var found = await Find(service, state);
        var deployment = found.Deployments.ShouldHaveSingleItem();
        return $"{deployment.TaskDefinition} {deployment.RolloutState} {found.RunningCount}/{found.DesiredCount}";
    }

    /// <summary>The ECS service as it stands.</summary>
    public static async Task<Service> Find(string service, string state)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        return (
            await accounts
                .Target.Target("us-east-1")
                .Ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = Cluster, Services = [Name] })
        ).Services.ShouldHaveSingleItem();
    }

    private static async Task<string> Deploy()
    {
        var folder = Directory.CreateTempSubdirectory("deployer-containers-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var service = await Write(folder);
        (await Rehearse(service, Path.Combine(folder, "state"))).ExitCode.ShouldBe(0);
        return folder;
    }

    /// <summary>Writes the service.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="step">The steps, indented by two.</param>
    /// <param name="from">A part of the template of the accounts that is to be another.</param>
    /// <param name="to">The other.</param>
    /// <returns>The service's folder.</returns>
    public static async Task<string> Write(string folder, string step = Step, string from = "", string to = "")
    {
        var service = CommandLine.CopyInventory(folder);
        var template = Template;
        if (from.Length > 0)
        {
            template.ShouldContain(from);
            template = template.Replace(from, to, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(service, "accounts", "containers.yaml"), template);
        await SmallService.Change(
            service,
            "accounts/accounts.yaml",
            "    template: service.yaml\n    parameters: { Target: \"${target}\" }\n",
            "    template: service.yaml\n    parameters: { Target: \"${target}\" }\n"
                + "  - account: target\n    stack: containers\n    template: containers.yaml\n    parameters: { Target: \"${target}\" }\n"
        );
        await SmallService.WriteAlone(service, step);
        return service;
    }

    /// <summary>Rehearses the service.</summary>
    /// <param name="service">Its folder.</param>
    /// <param name="state">Where its accounts are kept.</param>
    /// <param name="faults">What goes wrong.</param>
    public static Task<CommandResult> Rehearse(string service, string state, params string[] faults) =>
        CommandLine.InProcess([
            "rehearse",
            service,
            "--target",
            "dev",
            "--state",
            state,
            .. faults.SelectMany(fault => new[] { "--fault", fault }),
        ]);
}
