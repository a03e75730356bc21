using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.People;

/// <summary>Something that a person does in the accounts. What it says of itself holds no value that could be a secret.</summary>
public abstract record PersonAct
{
    private PersonAct() { }

    /// <summary>What is done, in words.</summary>
    public abstract string Words { get; }

    /// <summary>Whether it is done in the tools account; else in the target's.</summary>
    public virtual bool InTools => false;

    /// <inheritdoc/>
    public sealed override string ToString() => Words;

    /// <summary>Stops an execution of a deployment.</summary>
    /// <param name="Deployment">Which deployment of the run: 1 is its own, the others follow as they begin.</param>
    public sealed record Stop(int Deployment) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"stop deployment {Deployment}";

        /// <inheritdoc/>
        public override bool InTools => true;
    }

    /// <summary>Redrives an execution of a deployment.</summary>
    /// <param name="Deployment">Which deployment of the run: 1 is its own, the others follow as they begin.</param>
    public sealed record Redrive(int Deployment) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"redrive deployment {Deployment}";

        /// <inheritdoc/>
        public override bool InTools => true;
    }

    /// <summary>Starts another deployment by hand: uploads its source and starts the machine.</summary>
    /// <param name="Service">The service's folder; <see langword="null"/> for the one that is rehearsed.</param>
    /// <param name="Steps">The steps to run; none for all.</param>
    public sealed record Deploy(string? Service, IReadOnlyList<string> Steps) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words =>
            $"deploy {(Service is null ? "the service" : Path.GetFileName(Service))}"
            + (Steps.Count == 0 ? string.Empty : $", steps {string.Join(", ", Steps)}");

        /// <inheritdoc/>
        public override bool InTools => true;
    }

    /// <summary>Decides about a plan as the program does; one that is approved is deployed.</summary>
    /// <param name="Approves">Whether it is approved.</param>
    /// <param name="Plan">The plan's id or ARN; <see langword="null"/> for the one that waits at the target.</param>
    /// <param name="Reason">Why, in their words.</param>
    public sealed record Decide(bool Approves, string? Plan, string? Reason) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"{(Approves ? "approve" : "reject")} {(Plan is null ? "the plan that waits" : $"plan {Plan}")}";

        /// <inheritdoc/>
        public override bool InTools => true;
    }

    /// <summary>Makes a change set of a stack, of its running template, and waits until it can be executed.</summary>
    /// <param name="Change">What it changes.</param>
    /// <param name="Name">The change set's name.</param>
    public sealed record CreateChangeSet(StackChange Change, string Name) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"create the change set {Name} of stack {Change.Stack}";
    }

    /// <summary>Executes a change set.</summary>
    public sealed record ExecuteChangeSet(string Stack, string Name) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"execute the change set {Name} of stack {Stack}";
    }

    /// <summary>Makes a change set, under a name of its own, and executes it.</summary>
    /// <param name="Change">What it changes.</param>
    public sealed record ChangeStack(StackChange Change) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"change stack {Change.Stack}";
    }

    /// <summary>Deletes a stack.</summary>
    public sealed record DeleteStack(string Stack) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"delete stack {Stack}";
    }

    /// <summary>Points an alias of a function at a version.</summary>
    public sealed record MoveAlias(string Function, string Alias, string Version) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"point alias {Alias} of function {Function} at version {Version}";
    }

    /// <summary>Changes properties of a resource of a stack by hand: the stack knows nothing of it.</summary>
    /// <param name="Stack">The stack.</param>
    /// <param name="Resource">The resource's logical id in it.</param>
    /// <param name="Properties">What properties become, as templates name them; null for one that is removed.</param>
    public sealed record ChangeResource(string Stack, string Resource, JsonObject Properties) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words =>
            $"change {string.Join(", ", Properties.Select(property => property.Key))} of {Resource} of stack {Stack}";
    }

    /// <summary>Writes variables of a function's environment; the others stay.</summary>
    public sealed record SetVariables(string Function, IReadOnlyDictionary<string, string> Variables) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"set {string.Join(", ", Variables.Keys)} of function {Function}";
    }

    /// <summary>Sets the capacity of a Datomic compute group's Auto Scaling group to 0.</summary>
    /// <param name="Group">The compute group: the tag <c>datomic:tx-group</c>; or an Auto Scaling group's name.</param>
    public sealed record TurnOff(string Group) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"turn group {Group} off";
    }

    /// <summary>The answer to the request that is the trigger takes longer: AWS promises no time in which it comes.</summary>
    public sealed record Delay(TimeSpan By) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"delay the answer by {ScheduleTime.Text(By)}";
    }

    /// <summary>
    /// The invocation whose request is the trigger is slow: it computes so much longer once the request is over, before it does anything
    /// more.
    /// </summary>
    public sealed record Pause(TimeSpan For) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"pause the invocation for {ScheduleTime.Text(For)}";
    }

    /// <summary>
    /// Reads of an operation answer functions and builds for a while as things stood before: AWS promises no read after a write.
    /// </summary>
    public sealed record ReadStale(string Operation, TimeSpan For) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => $"have {Operation} answer as before for {ScheduleTime.Text(For)}";
    }

    /// <summary>
    /// The process of a function's invocation ends: a crash, which no request brings about. Without a function it is the invocation whose
    /// request is the trigger.
    /// </summary>
    public sealed record Kill(string? Function) : PersonAct
    {
        /// <inheritdoc/>
        public override string Words => Function is null ? "kill the invocation" : $"kill the invocations of {Function}";
    }
}

/// <summary>What a person changes in a stack without another template.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Parameters">Parameters with other values; the others keep theirs.</param>
/// <param name="Tags">Tags of the stack, in place of the present ones; the present ones when there are none.</param>
public sealed record StackChange(string Stack, IReadOnlyDictionary<string, string> Parameters, IReadOnlyDictionary<string, string> Tags);
