using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Ecs;

/// <content>Tasks.</content>
public sealed partial class EcsService
{
    private const int MostTasks = 100;

    private ListTasksResponse ListTasks(Call call, ListTasksRequest request)
    {
        SimulatedMembers.Only(
            request,
            "Cluster",
            "ServiceName",
            "Family",
            "DesiredStatus",
            "StartedBy",
            "LaunchType",
            "MaxResults",
            "NextToken"
        );
        var cluster = Existing(call, request.Cluster);
        var service = request.ServiceName is null ? null : Existing(cluster, request.ServiceName).Name;
        var running = request.DesiredStatus != DesiredStatus.STOPPED;
        var tasks = _services
            .Tasks(cluster)
            .Where(task =>
                task.Wanted == running
                && (service is null || task.Service == service)
                && (request.Family is null || EcsShapes.Family(task.TaskDefinition) == request.Family)
                && (request.StartedBy is null || task.Deployment == request.StartedBy)
                && (request.LaunchType is null || request.LaunchType == LaunchType.FARGATE)
            );
        var size = Math.Clamp(request.MaxResults ?? MostTasks, 1, MostTasks);
        var (page, next) = Pages.ByPosition(tasks, task => task.Id, request.NextToken, size);
        return new ListTasksResponse { TaskArns = page.ConvertAll(task => Task(call, cluster.Name, task.Id)), NextToken = next };
    }

    private DescribeTasksResponse DescribeTasks(Call call, DescribeTasksRequest request)
    {
        if (request.Tasks.Count is 0 or > MostTasks)
        {
            throw new ApiException(
                "InvalidParameterException",
                request.Tasks.Count == 0 ? "Tasks cannot be empty." : $"Too many tasks: at most {MostTasks} are described at once."
            );
        }

        var cluster = Existing(call, request.Cluster);
        var found = request.Tasks.ConvertAll(id => (Id: id, Task: Find(cluster, id)));
        return new DescribeTasksResponse
        {
            Tasks = [.. found.Select(one => one.Task).OfType<TaskRecord>().Select(task => Shape(call, cluster, task))],
            Failures = [.. found.Where(one => one.Task is null).Select(one => EcsShapes.Missing(Task(call, cluster.Name, one.Id)))],
        };
    }

    private StopTaskResponse StopTask(Call call, StopTaskRequest request)
    {
        var cluster = Existing(call, request.Cluster);
        var task = Find(cluster, request.Task) ?? throw new ApiException("InvalidParameterException", "The referenced task was not found.");
        return new StopTaskResponse
        {
            Task = Shape(call, cluster, _services.Stop(Existing(cluster, task.Service), task, request.Reason ?? "Task stopped by user")),
        };
    }

    private Amazon.ECS.Model.Task Shape(Call call, ClusterRecord cluster, TaskRecord task) =>
        task.Shape(cluster, _definitions.Find(call.Account, call.Region, task.TaskDefinition)!.Definition);

    private TaskRecord? Find(ClusterRecord cluster, string idOrArn) =>
        _services.Tasks(cluster).FirstOrDefault(task => task.Id == Clusters.NameOf(idOrArn));
}
