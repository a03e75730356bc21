namespace Deployer.Rehearsal.People;

/// <summary>Where people act.</summary>
/// <param name="Tools">The account and region of the deployer.</param>
/// <param name="Target">The account and region that are deployed to.</param>
/// <param name="Machine">ARN of the machine whose executions are the deployments.</param>
/// <param name="FunctionPrefix">What the names of the deployer's functions begin with.</param>
/// <param name="Deployments">What a person uploads and starts, for each such act of the schedule.</param>
public sealed record PeopleScene(
    AccountRegion Tools,
    AccountRegion Target,
    string Machine,
    string FunctionPrefix,
    IReadOnlyDictionary<PersonAct.Deploy, PreparedDeployment> Deployments
);

/// <summary>A region of an account.</summary>
public sealed record AccountRegion(string Account, string Region);

/// <summary>A deployment that a person starts by hand.</summary>
/// <param name="Machine">ARN of the machine that is started.</param>
/// <param name="Bucket">The bucket for the source.</param>
/// <param name="Key">Its key there.</param>
/// <param name="Source">The source, as a zip.</param>
/// <param name="Input">The input of the machine, as JSON.</param>
public sealed record PreparedDeployment(string Machine, string Bucket, string Key, byte[] Source, string Input);
