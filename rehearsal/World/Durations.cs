namespace Deployer.Rehearsal.World;

/// <summary>How long something takes in the simulated AWS, and where the figure is from.</summary>
/// <param name="Shortest">The shortest that is simulated.</param>
/// <param name="Longest">The longest that is simulated.</param>
/// <param name="Source">The page that the figure is from, or why it was chosen.</param>
public sealed record SimulatedDuration(TimeSpan Shortest, TimeSpan Longest, string Source)
{
    /// <summary>One duration between the two, in whole milliseconds, drawn from the world's randomness.</summary>
    public TimeSpan Draw(SeededRandom random) =>
        TimeSpan.FromMilliseconds(Math.Round(Shortest.TotalMilliseconds + ((Longest - Shortest).TotalMilliseconds * random.NextDouble())));
}

/// <summary>Every duration that the rehearsal simulates: the one table of them.</summary>
public static class Durations
{
    /// <summary>From an event's publication to its target.</summary>
    public static readonly SimulatedDuration EventDelivery = Milliseconds(
        250,
        1500,
        "https://aws.amazon.com/eventbridge/faqs/: typically about half a second from ingestion to target"
    );

    /// <summary>An event that is quicker than the answer to the request that caused it.</summary>
    public static readonly SimulatedDuration EarlyEvent = Milliseconds(
        1,
        20,
        "https://aws.amazon.com/eventbridge/faqs/: about half a second is typical; no page says that an answer comes before the event of "
            + "what was asked for"
    );

    /// <summary>An event that is late, so that others overtake it.</summary>
    public static readonly SimulatedDuration LateEvent = Seconds(
        2,
        60,
        "https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html: services deliver at least once or as they can, and "
            + "deliveries are tried again; nothing is said of time or order, https://repost.aws/questions/QUDxAa0fS4TNus4mLxZpUjEw says "
            + "that no order is guaranteed"
    );

    /// <summary>An answer that is late: what was asked for has happened long ago.</summary>
    public static readonly SimulatedDuration LateAnswer = Milliseconds(
        200,
        3000,
        "chosen: control planes answer within seconds when they are busy; no page promises a time"
    );

    /// <summary>How far behind a read of an execution is.</summary>
    public static readonly SimulatedDuration ExecutionReadLag = Milliseconds(
        50,
        5000,
        "https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html: this operation is eventually "
            + "consistent, the results are best effort and may not reflect very recent updates and changes; so are ListExecutions, "
            + "DescribeStateMachine, DescribeStateMachineForExecution, ListStateMachines, DescribeActivity and ListActivities. The time is "
            + "chosen"
    );

    /// <summary>How far behind a read of a stack is.</summary>
    public static readonly SimulatedDuration StackReadLag = Milliseconds(
        50,
        5000,
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html promises no read after a write, and "
            + "https://github.com/aws/aws-cdk-cli/issues/1802 has seen one after ExecuteChangeSet: the status from before it. The time is "
            + "chosen. No source was found for events and change sets: they are read as they stand"
    );

    /// <summary>How far behind a list of CodeDeploy's deployments is.</summary>
    public static readonly SimulatedDuration DeploymentListLag = Milliseconds(
        50,
        5000,
        "chosen: https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html promises no read after a write"
    );

    /// <summary>How far behind the Resource Groups Tagging API is.</summary>
    public static readonly SimulatedDuration TagReadLag = Milliseconds(
        500,
        30_000,
        "chosen: https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html promises no read after a "
            + "write; it reads an index of what the services report"
    );

    /// <summary>How far behind a judgement by roles and policies is.</summary>
    public static readonly SimulatedDuration PolicyLag = Milliseconds(
        50,
        8000,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency: changes take "
            + "time to become visible from all possible endpoints. The time is chosen: under that of RoleInStack, for which "
            + "CloudFormation waits"
    );

    /// <summary>How far behind a read of DynamoDB is that does not ask for consistency.</summary>
    public static readonly SimulatedDuration ItemReadLag = Milliseconds(
        10,
        1000,
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html: the response might not reflect "
            + "the results of a recently completed write; a second is chosen"
    );

    /// <summary>How far behind a description of a table of DynamoDB is.</summary>
    public static readonly SimulatedDuration TableReadLag = Milliseconds(
        100,
        5000,
        "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html: it uses an eventually consistent query; "
            + "wait for a few seconds"
    );

    /// <summary>How far behind a description of EC2 is.</summary>
    public static readonly SimulatedDuration NetworkReadLag = Milliseconds(
        50,
        5000,
        "https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html: the result of a command might not be immediately "
            + "visible to all subsequent commands. The time is chosen"
    );

    /// <summary>How far behind a read of ECS is.</summary>
    public static readonly SimulatedDuration ContainerReadLag = Milliseconds(
        50,
        5000,
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html: the Amazon ECS API follows an eventual consistency "
            + "model, the result of a command might not be immediately visible to all subsequent commands. The time is chosen"
    );

    /// <summary>From an answer to an actor until its next request arrives: what it computes and the request's way.</summary>
    public static readonly SimulatedDuration RequestArrival = Milliseconds(
        5,
        60,
        "chosen: a few milliseconds to an endpoint of the same region, and what a small function computes between two requests"
    );

    /// <summary>From a request's effect until its answer is there.</summary>
    public static readonly SimulatedDuration RequestAnswer = Milliseconds(
        5,
        120,
        "chosen: DynamoDB answers in milliseconds of one digit, control planes (CloudFormation, Lambda) in a tenth of a second and more"
    );

    /// <summary>From an invocation to what its function does first.</summary>
    public static readonly SimulatedDuration InvocationStart = Milliseconds(
        5,
        1000,
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: a cold start takes from under 100 ms to over 1 s; a "
            + "warm one milliseconds"
    );

    /// <summary>An asynchronous invocation waits in Lambda's queue.</summary>
    public static readonly SimulatedDuration AsynchronousInvocation = Milliseconds(
        10,
        500,
        "chosen: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html promises no figure; mostly well under a second"
    );

    /// <summary>From an answer that a person gets to their next request.</summary>
    public static readonly SimulatedDuration PersonRequest = Milliseconds(
        500,
        3000,
        "chosen: somebody who has the next command ready, or a script of theirs"
    );

    /// <summary>From one request of a build to its next.</summary>
    public static readonly SimulatedDuration BuildRequest = Milliseconds(
        200,
        4000,
        "chosen: between two requests a build's tool starts a JVM or packs what it uploads"
    );

    /// <summary>From a state's entry to its task's call, and from the call's end to the state's.</summary>
    public static readonly SimulatedDuration StateTransition = Milliseconds(
        5,
        80,
        "chosen: histories of recorded executions show some ten milliseconds between TaskScheduled, TaskStarted and TaskSucceeded"
    );

    /// <summary>A client that sets no time-out of its own waits no longer for an answer.</summary>
    public static readonly SimulatedDuration ClientTimeout = Seconds(
        100,
        100,
        "https://learn.microsoft.com/dotnet/api/system.net.http.httpclient.timeout: 100 s, which the AWS SDK for .NET leaves as "
            + "it is where a client sets nothing, https://docs.aws.amazon.com/sdk-for-net/v4/developer-guide/retries-timeouts.html"
    );

    /// <summary>A function becomes active, or its update succeeds.</summary>
    public static readonly SimulatedDuration FunctionUpdate = Seconds(
        1,
        6,
        "chosen: seconds for a zip package, seen as Pending or InProgress by the next call"
    );

    /// <summary>The same in a VPC.</summary>
    public static readonly SimulatedDuration FunctionUpdateInNetwork = Seconds(
        10,
        60,
        "chosen: https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html: while it is pending, Lambda configures resources such "
            + "as those of a VPC; no time is promised"
    );

    /// <summary>From a pipeline's stage to its first action, and from action to action.</summary>
    public static readonly SimulatedDuration PipelineTransition = Seconds(1, 3, "chosen: consoles show a few seconds between actions");

    /// <summary>A source action: fetching and zipping the repository.</summary>
    public static readonly SimulatedDuration PipelineSource = Seconds(3, 8, "chosen: small repositories take some seconds");

    /// <summary>From an answer with a continuation token to the next call of the function.</summary>
    public static readonly SimulatedDuration JobContinuation = Seconds(30, 30, "chosen: no page says it");

    /// <summary>A build's wait for a place.</summary>
    public static readonly SimulatedDuration BuildQueued = Seconds(0, 2, "chosen: on-demand builds are rarely queued");

    /// <summary>A build's machine starts.</summary>
    public static readonly SimulatedDuration BuildProvisioning = Seconds(
        8,
        40,
        "https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html: 36 s in its example; small Linux "
            + "images are often faster"
    );

    /// <summary>A build's source is fetched.</summary>
    public static readonly SimulatedDuration BuildSource = Seconds(
        1,
        5,
        "https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html: 4 s in its example"
    );

    /// <summary>The commands of one build phase that has any.</summary>
    public static readonly SimulatedDuration BuildCommands = Seconds(
        20,
        120,
        "chosen: a cold JVM with dependencies to fetch takes one to several minutes in all"
    );

    /// <summary>A build's artifacts are stored.</summary>
    public static readonly SimulatedDuration BuildUpload = Seconds(1, 3, "chosen");

    /// <summary>A build's end is recorded.</summary>
    public static readonly SimulatedDuration BuildFinalizing = Seconds(
        2,
        5,
        "https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html: 4 s in its example"
    );

    /// <summary>An instance of an Auto Scaling group starts, until its agents answer.</summary>
    public static readonly SimulatedDuration InstanceLaunch = Seconds(
        150,
        240,
        "https://docs.datomic.com/operation/upgrading.html: updating a stack takes up to 25 minutes, most of it waits for the nodes; "
            + "chosen so that a rolling update outlives two heartbeats of 300 s"
    );

    /// <summary>An instance of an Auto Scaling group ends.</summary>
    public static readonly SimulatedDuration InstanceTermination = Seconds(30, 90, "chosen");

    /// <summary>From a deployment's creation to its first instance.</summary>
    public static readonly SimulatedDuration CodeDeployStart = Seconds(
        2,
        10,
        "chosen: consoles show a few seconds between created and in progress"
    );

    /// <summary>A lifecycle event without a script of its own.</summary>
    public static readonly SimulatedDuration CodeDeployEvent = Seconds(1, 2, "chosen: the agent polls about once a second");

    /// <summary>A revision's bundle is fetched and installed.</summary>
    public static readonly SimulatedDuration CodeDeployBundle = Seconds(3, 15, "chosen");

    /// <summary>A Datomic node stops its process; ion-dev bounds the wait.</summary>
    public static readonly SimulatedDuration NodeStop = Seconds(
        5,
        20,
        "https://docs.datomic.com/ions/ions-reference.html: a node takes 20 s to several minutes in all"
    );

    /// <summary>A Datomic node fetches libraries and starts its process.</summary>
    public static readonly SimulatedDuration NodeStart = Seconds(
        15,
        60,
        "https://docs.datomic.com/ions/ions-reference.html: a node takes 20 s to several minutes in all"
    );

    /// <summary>A Datomic node loads the application and its active databases until it answers.</summary>
    public static readonly SimulatedDuration NodeLoad = Seconds(
        20,
        150,
        "https://docs.datomic.com/ions/ions-reference.html: a node takes 20 s to several minutes in all"
    );

    /// <summary>A node whose application does not load is given up.</summary>
    public static readonly SimulatedDuration NodeGivenUp = Seconds(
        90,
        120,
        "seen by users: ValidateService fails after thirty and more looks of 3 s"
    );

    /// <summary>An interface endpoint becomes available.</summary>
    public static readonly SimulatedDuration VpcEndpoint = Seconds(60, 180, "chosen: consoles show one to three minutes of pending");

    /// <summary>An interface endpoint is deleted.</summary>
    public static readonly SimulatedDuration VpcEndpointDeletion = Seconds(30, 120, "chosen");

    /// <summary>From one phase of a stack operation to the first resource of the next.</summary>
    public static readonly SimulatedDuration StackPhase = Seconds(1, 3, "chosen: stack events show one to three seconds");

    /// <summary>A change set's comparison of stack and template.</summary>
    public static readonly SimulatedDuration ChangeSet = Seconds(
        4,
        12,
        "chosen: the CLI's waiter, which looks every 30 s, mostly sees it done at its first look; small ones take some seconds"
    );

    /// <summary>A nested stack is taken up; it says itself when it is done.</summary>
    public static readonly SimulatedDuration NestedStackStart = Seconds(1, 2, "chosen");

    /// <summary>A resource of a stack whose service is done at once.</summary>
    public static readonly SimulatedDuration Resource = Seconds(1, 5, "chosen: stack events of rules, parameters, log groups, policies");

    /// <summary>A role in a stack.</summary>
    public static readonly SimulatedDuration RoleInStack = Seconds(
        15,
        20,
        "chosen: stack events show 15 to 20 s, for the role to be seen everywhere"
    );

    /// <summary>An instance profile in a stack.</summary>
    public static readonly SimulatedDuration InstanceProfileInStack = Seconds(
        120,
        130,
        "chosen: stack events show two minutes, which the handler waits for every region to see it"
    );

    /// <summary>A bucket in a stack.</summary>
    public static readonly SimulatedDuration BucketInStack = Seconds(15, 25, "chosen: stack events show about 20 s");

    /// <summary>A rule in a stack.</summary>
    public static readonly SimulatedDuration RuleInStack = Seconds(30, 65, "chosen: stack events show up to a minute");

    /// <summary>A stack's resources are compared with its template.</summary>
    public static readonly SimulatedDuration DriftDetection = Seconds(
        10,
        150,
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DetectStackDrift.html: up to several minutes; chosen "
            + "within it"
    );

    /// <summary>A function in a stack, before its state is looked at.</summary>
    public static readonly SimulatedDuration FunctionInStack = Seconds(4, 8, "chosen: stack events show five to ten seconds");

    /// <summary>A network part (VPC, subnet, security group) in a stack.</summary>
    public static readonly SimulatedDuration NetworkInStack = Seconds(5, 15, "chosen: stack events");

    /// <summary>A load balancer in a stack.</summary>
    public static readonly SimulatedDuration LoadBalancerInStack = Seconds(120, 180, "chosen: stack events show two to three minutes");

    /// <summary>A table in a stack.</summary>
    public static readonly SimulatedDuration TableInStack = Seconds(10, 30, "chosen: CREATING lasts for some ten seconds");

    /// <summary>A file system in a stack.</summary>
    public static readonly SimulatedDuration FileSystemInStack = Seconds(8, 20, "chosen: CREATING lasts for some ten seconds");

    /// <summary>A task on Fargate gets its network interface, fetches its image and runs.</summary>
    public static readonly SimulatedDuration TaskStart = Seconds(
        20,
        60,
        "chosen: consoles show half a minute to a minute from provisioning to running"
    );

    /// <summary>A task's containers end; AWS kills them after 30 s unless the definition says otherwise.</summary>
    public static readonly SimulatedDuration TaskStop = Seconds(
        5,
        30,
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html: stopTimeout is 30 s by default"
    );

    /// <summary>A transactor's JVM loads Datomic, before it looks into the storage.</summary>
    public static readonly SimulatedDuration TransactorStart = Seconds(
        15,
        35,
        "chosen: tens of seconds, as logs of transactors show between their first line and System started"
    );

    /// <summary>A container that needs more memory than it has lives until its heap has grown.</summary>
    public static readonly SimulatedDuration HeapGrows = Seconds(120, 240, "chosen: minutes of load");

    /// <summary>A resource that a fault holds up.</summary>
    public static readonly SimulatedDuration StuckResource = Minutes(12 * 60, 12 * 60, "chosen: beyond every limit of a wait");

    /// <summary>A resource whose rollback a fault holds up.</summary>
    public static readonly SimulatedDuration SlowRollback = Minutes(
        60,
        60,
        "chosen: beyond the limit of the wait for a stack, and not of two of them"
    );

    private static SimulatedDuration Minutes(double shortest, double longest, string source) =>
        new(TimeSpan.FromMinutes(shortest), TimeSpan.FromMinutes(longest), source);

    private static SimulatedDuration Milliseconds(double shortest, double longest, string source) =>
        new(TimeSpan.FromMilliseconds(shortest), TimeSpan.FromMilliseconds(longest), source);

    private static SimulatedDuration Seconds(double shortest, double longest, string source) =>
        new(TimeSpan.FromSeconds(shortest), TimeSpan.FromSeconds(longest), source);
}
