using Deployer.Rehearsal.Sts;

namespace Deployer.Rehearsal.People;

/// <summary>Where people act.</summary>
/// <param name="Tools">The account and region of the deployer.</param>
/// <param name="Target">The account and region that are deployed to.</param>
/// <param name="Machine">ARN of the machine whose executions are the deployments.</param>
/// <param name="FunctionPrefix">What the names of the deployer's functions begin with.</param>
/// <param name="Deployments">What a person uploads and starts, for each such act of the schedule.</param>
/// <param name="Decides">Decides about a plan.</param>
public sealed record PeopleScene(
    AccountRegion Tools,
    AccountRegion Target,
    string Machine,
    string FunctionPrefix,
    IReadOnlyDictionary<PersonAct.Deploy, PreparedDeployment> Deployments,
    PlanDecider Decides
);

/// <summary>Decides about a plan in a person's name, and starts the deployment of one that is approved.</summary>
/// <param name="decision">What is decided.</param>
/// <param name="person">Who decides, and by which way they reach the tools account.</param>
/// <returns>Why nothing was decided; <see langword="null"/> when it was.</returns>
public delegate Task<string?> PlanDecider(PersonAct.Decide decision, PersonConnection person);

/// <summary>The way by which a person reaches an account.</summary>
/// <param name="Who">The person.</param>
/// <param name="Session">Their credentials.</param>
/// <param name="Http">Carries their requests.</param>
/// <param name="Now">The simulated moment at which they act.</param>
public sealed record PersonConnection(string Who, SessionCredentials Session, HttpMessageHandler Http, DateTimeOffset Now);

/// <summary>A region of an account.</summary>
public sealed record AccountRegion(string Account, string Region);

/// <summary>A deployment that a person starts by hand.</summary>
/// <param name="Machine">ARN of the machine that is started.</param>
/// <param name="Bucket">The bucket for the source.</param>
/// <param name="Key">Its key there.</param>
/// <param name="Source">The source, as a zip.</param>
/// <param name="Input">The input of the machine, as JSON.</param>
public sealed record PreparedDeployment(string Machine, string Bucket, string Key, byte[] Source, string Input);
