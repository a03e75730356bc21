using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>An ECS service behind a load balancer: its targets have to become healthy, and drain before they stop.</summary>
public sealed class EcsLoadBalancerTests : IDisposable
{
    private const string From = "  Service:\n    Type: AWS::ECS::Service\n    Properties:\n";

    private const string To = """
          Balancer:
            Type: AWS::ElasticLoadBalancingV2::LoadBalancer
            Properties: { Subnets: [!ImportValue inventory-Subnet0, !ImportValue inventory-Subnet1], Scheme: internal }
          Targets:
            Type: AWS::ElasticLoadBalancingV2::TargetGroup
            Properties:
              Name: inventory-web
              VpcId: !ImportValue inventory-VpcId
              TargetType: ip
              Port: 8080
              Protocol: HTTP
              HealthCheckIntervalSeconds: 10
              HealthyThresholdCount: 3
              TargetGroupAttributes: [{ Key: deregistration_delay.timeout_seconds, Value: "120" }]
          Listener:
            Type: AWS::ElasticLoadBalancingV2::Listener
            Properties:
              LoadBalancerArn: !Ref Balancer
              Port: 80
              Protocol: HTTP
              DefaultActions: [{ Type: forward, TargetGroupArn: !Ref Targets }]
          Service:
            Type: AWS::ECS::Service
            DependsOn: Listener
            Properties:
              LoadBalancers: [{ ContainerName: web, ContainerPort: 8080, TargetGroupArn: !Ref Targets }]
              HealthCheckGracePeriodSeconds: 60

        """;

    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_deployment_is_completed_when_the_new_targets_are_healthy_and_the_former_have_drained()
    {
        var service = await ContainerService.Write(_folder.Path, from: From, to: To);

        var deployed = await ContainerService.Rehearse(service, State);

        deployed.ExitCode.ShouldBe(0, deployed.Report.Cause ?? deployed.Terminal);
        var events = (await ContainerService.Find(service, State)).Events;
        var (registered, draining, completed) = (
            At(events, ") registered 1 targets in (target-group arn:aws:elasticloadbalancing:"),
            At(events, "has begun draining connections on "),
            At(events, "deployment completed.")
        );
        // Three checks, ten seconds apart, and the delay of the group.
        (draining - registered).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
        (completed - draining).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task Targets_that_stay_unhealthy_are_rolled_back_with_what_the_load_balancer_says()
    {
        var service = await ContainerService.Write(_folder.Path, from: From, to: To);
        (await ContainerService.Rehearse(service, State)).ExitCode.ShouldBe(0);
        var before = await ContainerService.Described(service, State);
        await ContainerService.AnotherCommit(service);

        var failed = await ContainerService.Rehearse(service, State, "targets-are-unhealthy");

        failed.ExitCode.ShouldBe(1, failed.Terminal);
        failed.Report.Error.ShouldBe("ServiceRolledBackException");
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                @"\(service inventory-dev-web\) \(task [0-9a-f]{32}\) \(port 8080\) is unhealthy in \(target-group arn:aws:"
                    + @"elasticloadbalancing:us-east-1:111111111111:targetgroup/inventory-web/[0-9a-f]{16}\) due to \(reason Health checks "
                    + @"failed with these codes: \[503\]\)\."
            );
        failed.Report.Cause.ShouldContain("stopped: Task failed ELB health checks in (target-group ");
        failed.Report.Cause.ShouldContain("service inventory-dev-web runs inventory-dev-web:2 with 2 of 2 tasks");
        (await ContainerService.Described(service, State)).ShouldBe(before);

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", State);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
    }

    /// <summary>
    /// Targets that are healthy are not enough where an alarm watches the deployment:
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    /// </summary>
    [Fact]
    public async Task An_alarm_takes_a_deployment_back_whose_targets_are_healthy_and_a_redrive_deploys_it()
    {
        var service = await ContainerService.Write(_folder.Path, from: From, to: To);
        (await ContainerService.Rehearse(service, State)).ExitCode.ShouldBe(0);
        var before = await ContainerService.Described(service, State);
        await ContainerService.AnotherCommit(service);

        var failed = await ContainerService.Rehearse(service, State, "deployment-alarm");
        var after = await ContainerService.Described(service, State);
        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", State);

        failed.Report.Error.ShouldBe("ServiceRolledBackException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("failed: alarm detected: errors; ECS went back to inventory-dev-web:2");
        failed.Report.Cause.ShouldNotContain("is unhealthy in (target-group");
        failed.Report.Cause.ShouldContain("service inventory-dev-web runs inventory-dev-web:2 with 2 of 2 tasks");
        after.ShouldBe(before);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        (await ContainerService.Described(service, State)).ShouldEndWith(":3 COMPLETED 2/2");
    }

    /// <summary>ECS would register such a revision, and refuse it when the service is updated.</summary>
    [Theory]
    [InlineData("\"app\"", 8080, "ecs/web.json has no container web, to which the load balancer of the service inventory-dev-web leads")]
    [InlineData("\"web\"", 80, "the container web of ecs/web.json has no port 8080, to which the load balancer of the service")]
    public async Task A_file_without_what_the_load_balancer_leads_to_is_refused_before_it_is_registered(string name, int port, string why)
    {
        var service = await ContainerService.Write(
            _folder.Path,
            """
              web:
                service: inventory-${target}-web
                cluster: inventory-${target}
                definition: ecs/web.json
                image: 111111111111.dkr.ecr.us-east-1.amazonaws.com/inventory:${revision}
            """,
            From,
            To
        );
        Directory.CreateDirectory(Path.Combine(service, "ecs"));
        await File.WriteAllTextAsync(
            Path.Combine(service, "ecs", "web.json"),
            $$"""
            {
              "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024",
              "containerDefinitions": [{ "name": {{name}}, "portMappings": [{ "containerPort": {{port}} }] }]
            }
            """,
            TestContext.Current.CancellationToken
        );

        var refused = await ContainerService.Rehearse(service, State);

        refused.Report.Error.ShouldBe("ServiceRefusedException", refused.Terminal);
        refused.Report.Cause.ShouldNotBeNull().ShouldStartWith(why);
        (refused.Count("RegisterTaskDefinition"), refused.Count("UpdateService")).ShouldBe((0, 0));
    }

    private static DateTime At(List<ServiceEvent> events, string message) =>
        events.Find(line => line.Message.Contains(message, StringComparison.Ordinal)).ShouldNotBeNull(message).CreatedAt!.Value;
}
